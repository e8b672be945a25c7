// Stands in for the bridges that the apps of WeChat and Alipay give to pages inside of them: a page under test loads
// this file from the simulator and calls WeixinJSBridge or AlipayJSBridge as it would there. What it hands over is
// checked by the simulator, signature first; then the cashier opens over the page.
(function () {
  'use strict';

  var simulator = new URL(document.currentScript.src).origin;
  var PAUSE = 300; // milliseconds between two questions for the result

  function ask(path, body) {
    // Text, so that the browser need not ask before whether it may.
    var options = body ? { method: 'POST', body: JSON.stringify(body) } : {};
    return fetch(simulator + path, options).then(function (answer) {
      return answer.json();
    });
  }

  function show(address) {
    var frame = document.createElement('iframe');
    frame.src = address;
    frame.title = 'cashier';
    frame.setAttribute('data-yunfu-cashier', '');
    frame.style.cssText =
      'position:fixed;inset:0;width:100%;height:100%;border:0;background:#ededed;z-index:2147483647';
    document.body.appendChild(frame);
    return frame;
  }

  function open(channel, parameters, failed, done) {
    ask('/_sim/bridge', { channel: channel, parameters: parameters }).then(function (answer) {
      if (!answer.id) {
        if (answer.why) console.warn('yunfu simulator: ' + answer.why);
        done(answer.result || failed);
        return;
      }
      var frame = show(answer.cashier);
      (function wait() {
        ask('/_sim/bridge/' + answer.id).then(function (page) {
          if (page.state === 'open') {
            setTimeout(wait, PAUSE);
            return;
          }
          frame.remove();
          if (page.state === 'done') done(page.result); // else the app was closed, and nobody says anything
        }, function () {
          setTimeout(wait, PAUSE);
        });
      })();
    }, function () {
      done(failed);
    });
  }

  window.WeixinJSBridge = {
    invoke: function (name, parameters, done) {
      if (name !== 'getBrandWCPayRequest') {
        done({ err_msg: 'system:function_not_exist' });
        return;
      }
      open('wechat', parameters, { err_msg: 'get_brand_wcpay_request:fail' }, done);
    },
    on: function () {},
    call: function () {}
  };

  window.AlipayJSBridge = {
    call: function (name, parameters, done) {
      if (name !== 'tradePay') {
        done({ error: 1, errorMessage: 'not implemented' });
        return;
      }
      open('alipay', parameters, { resultCode: '4000' }, done);
    }
  };

  ['WeixinJSBridgeReady', 'AlipayJSBridgeReady'].forEach(function (name) {
    document.dispatchEvent(new Event(name));
  });
})();
