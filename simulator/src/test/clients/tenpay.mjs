// npm tenpay as a service provider's program: MD5 and HMAC-SHA256. It verifies the signature of each answer and each
// notice itself, with appid and mch_id, and throws if one does not fit.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Tenpay from 'tenpay';
import { advance, drain, failure, input, pay, post, serve, verdicts } from './shop.mjs';

function client(changes = {}) {
  const made = new Tenpay({
    appid: input.appid,
    mchid: input.mch_id,
    partnerKey: input.api_key,
    pfx: readFileSync(`${input.credentials}/${input.mch_id}.p12`),
    ...changes,
  });
  for (const name of Object.keys(made.urls)) {
    made.urls[name] = made.urls[name].replace('https://api.mch.weixin.qq.com', input.channel);
  }
  return made;
}

// The package is written for Koa; this is the part of Koa that it uses.
async function throughMiddleware(type, body, seen) {
  const context = { request: { body } };
  await api.middleware(type)(context, async () => {
    seen.push(context.request.weixin);
    context.reply();
  });
  assert.equal(typeof context.body, 'string');
  return [context.type, context.body];
}

const api = client();
const bodies = [];
const paidNotices = [];
const refundNotices = [];
const server = await serve((path, body) => {
  if (path === '/refunded') return throughMiddleware('refund', body, refundNotices);
  bodies.push(body);
  return throughMiddleware('pay', body, paidNotices);
});
const sub = { sub_appid: input.sub_appid, sub_mch_id: input.sub_mch_id };

for (const sign_type of ['MD5', 'HMAC-SHA256']) {
  const suffix = sign_type.replace(/[^A-Z0-9]/g, '');
  const out_trade_no = `tenpay${suffix}1`;
  const out_refund_no = `tenpay${suffix}R1`;
  const order = {
    ...sub, sign_type, out_trade_no, body: '测试门店-豆浆 <&>', total_fee: 101, attach: 'a=1&b=2',
    sub_openid: input.sub_openid, notify_url: `${server.url}/paid`,
  };

  const page = await api.getPayParams(order);
  assert.match(page.package, /^prepay_id=wx/);
  const { timestamp: _, ...parameters } = page;
  const opened = await post('/_sim/bridge', { channel: 'wechat', parameters });
  assert.ok(opened.id, `the page's signature: ${opened.why}`);

  assert.equal((await api.orderQuery({ ...sub, sign_type, out_trade_no })).trade_state, 'NOTPAY');
  await pay('wechat', page.package.slice('prepay_id='.length), input.user);

  const notice = paidNotices.pop();
  assert.equal(notice.out_trade_no, out_trade_no);
  assert.equal(notice.total_fee, '101');
  assert.equal(notice.attach, 'a=1&b=2');
  assert.equal(notice.sub_mch_id, input.sub_mch_id);
  assert.deepEqual(await verdicts(out_trade_no), ['pay 1 delivered']);

  const paid = await api.orderQuery({ ...sub, sign_type, out_trade_no });
  assert.equal(paid.trade_state, 'SUCCESS');
  assert.equal(paid.transaction_id, notice.transaction_id);
  assert.equal((await failure(api.unifiedOrder(order))).message, 'ORDERPAID');

  const refund = await api.refund({
    ...sub, sign_type, out_trade_no, out_refund_no, total_fee: 101, refund_fee: 1, notify_url: `${server.url}/refunded`,
  });
  assert.equal(refund.refund_fee, '1');
  const refunds = () => api.refundQuery({ ...sub, sign_type, out_trade_no });
  assert.equal((await refunds()).refund_status_0, 'PROCESSING');
  await advance(10);
  await drain();
  const refunded = await refunds();
  assert.equal(refunded.refund_status_0, 'SUCCESS');
  assert.equal(refunded.out_refund_no_0, out_refund_no);
  assert.equal(refunded.refund_id_0, refund.refund_id);
  const about = refundNotices.pop();
  assert.equal(about.req_info.out_refund_no, out_refund_no);
  assert.equal(about.req_info.refund_status, 'SUCCESS');
  assert.deepEqual(await verdicts(out_trade_no), ['pay 1 delivered', 'refund 1 delivered']);

  const other = { ...order, out_trade_no: `tenpay${suffix}2` };
  assert.match((await api.unifiedOrder({ ...other, trade_type: 'NATIVE', product_id: 'p1' })).code_url, /^weixin:/);
  await advance(301);
  await api.closeOrder({ ...sub, sign_type, out_trade_no: other.out_trade_no });
  assert.equal((await api.orderQuery({ ...sub, sign_type, out_trade_no: other.out_trade_no })).trade_state, 'CLOSED');

  assert.equal((await failure(api.orderQuery({ ...sub, sign_type, out_trade_no: 'nobody' }))).message, 'ORDERNOTEXIST');
  const stranger = client({ partnerKey: 'x'.repeat(32) });
  assert.equal((await failure(stranger.orderQuery({ ...sub, sign_type, out_trade_no }))).message, '签名错误');
}

// A notice that somebody has changed does not pass.
for (const body of bodies) {
  const forged = body.replace(/(<total_fee>.*?)101/, '$11');
  assert.notEqual(forged, body);
  const [, reply] = await throughMiddleware('pay', forged, paidNotices);
  assert.match(reply, /FAIL/);
}
assert.equal(bodies.length, 2);
assert.deepEqual(paidNotices, []);

await advance(input.until_bill_seconds);
for (const sign_type of ['MD5', 'HMAC-SHA256']) {
  const bill = await api.downloadBill({ ...sub, sign_type, bill_date: input.bill_date }, true);
  assert.equal(bill.list_data.length, 4); // two payments, two refunds
  const number = bill.list_title.indexOf('商户订单号');
  assert.deepEqual(
    bill.list_data.map(row => row[number]).sort(),
    ['tenpayHMACSHA2561', 'tenpayHMACSHA2561', 'tenpayMD51', 'tenpayMD51']);
  assert.equal(bill.total_data[bill.total_title.indexOf('总交易单数')], '4');
}
server.close();
