// npm alipay-sdk as a service provider's program, with plain keys and with certificates. It verifies each answer itself;
// notices are verified with checkNotifySignV2.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { AlipaySdk } from 'alipay-sdk';
import { advance, failure, input, pay, post, serve, verdicts } from './shop.mjs';

const file = name => readFileSync(`${input.credentials}/${name}`, 'utf8');

function client({ app_id, certificates }, changes = {}) {
  const channel = certificates
    ? {
        appCertContent: file(`alipay_${app_id}_app_cert.crt`),
        alipayPublicCertContent: file(`alipay_${app_id}_alipay_cert.crt`),
        alipayRootCertContent: file('alipay_root.crt'),
      }
    : { alipayPublicKey: file(`alipay_${app_id}_alipay_public_key.pem`) };
  return new AlipaySdk({
    appId: app_id,
    privateKey: file(`alipay_${app_id}_app_private_key.pem`),
    keyType: 'PKCS8',
    gateway: `${input.channel}/gateway.do`,
    timeout: 30000,
    ...channel,
    ...changes,
  });
}

const bodies = [];
const server = await serve((path, body) => {
  bodies.push(body);
  return ['text/plain', 'success'];
});

// The one notice that has come since; its signature fits, and would not if the amount were another.
function notice(sdk) {
  assert.equal(bodies.length, 1);
  const fields = Object.fromEntries(new URLSearchParams(bodies.pop()));
  assert.equal(sdk.checkNotifySignV2(fields), true, JSON.stringify(fields));
  assert.equal(sdk.checkNotifySignV2({ ...fields, total_amount: '0.01' }), false);
  return fields;
}

for (const app of input.apps) {
  const sdk = client(app);
  const call = async (method, bizContent, more = {}) =>
    sdk.exec(method, { appAuthToken: app.app_auth_token, ...more, bizContent }, { validateSign: true });
  const number = n => `npm${app.app_id}_${n}`;
  const order = {
    out_trade_no: number(1), total_amount: '1.01', subject: '测试门店-豆浆 "大" <杯>', buyer_id: input.buyer_id,
    product_code: 'FACE_TO_FACE_PAYMENT', passback_params: 'a%3D1', timeout_express: '30m',
  };
  const notifyUrl = `${server.url}/notify`;

  const created = await call('alipay.trade.create', order, { notifyUrl });
  assert.equal(created.code, '10000', JSON.stringify(created));
  const again = await call('alipay.trade.create', order, { notifyUrl });
  assert.equal(again.tradeNo, created.tradeNo);
  const opened = await post('/_sim/bridge', { channel: 'alipay', parameters: { tradeNO: created.tradeNo } });
  assert.ok(opened.id, opened.why);

  const query = out_trade_no => call('alipay.trade.query', { out_trade_no });
  assert.equal((await query(number(1))).tradeStatus, 'WAIT_BUYER_PAY');
  await pay('alipay', created.tradeNo, input.user);
  const told = notice(sdk);
  assert.equal(told.out_trade_no, number(1));
  assert.equal(told.trade_status, 'TRADE_SUCCESS');
  assert.equal(told.seller_id, app.seller_id);
  assert.equal(told.subject, order.subject);
  const paid = await query(number(1));
  assert.equal(paid.tradeStatus, 'TRADE_SUCCESS');
  assert.equal(paid.tradeNo, told.trade_no);
  assert.equal(paid.totalAmount, '1.01');
  assert.equal((await call('alipay.trade.create', order, { notifyUrl })).subCode, 'ACQ.TRADE_HAS_SUCCESS');

  const refund = { out_trade_no: number(1), out_request_no: number('R1'), refund_amount: '0.01' };
  const refunded = await call('alipay.trade.refund', refund);
  assert.equal(refunded.fundChange, 'Y');
  assert.equal(refunded.refundFee, '0.01');
  assert.equal((await call('alipay.trade.refund', refund)).fundChange, 'N');
  await post('/_sim/notify/drain?timeout=30');
  const about = notice(sdk);
  assert.equal(about.out_biz_no, number('R1'));
  assert.equal(about.refund_fee, '0.01');
  assert.deepEqual([...new Set((await verdicts(number(1))).map(each => each.split(' ')[2]))], ['delivered']);
  const asked = await call('alipay.trade.fastpay.refund.query', {
    out_trade_no: number(1), out_request_no: number('R1'), query_options: ['refund_detail_item_list'],
  });
  assert.equal(asked.refundStatus, 'REFUND_SUCCESS');
  assert.equal(asked.refundAmount, '0.01');

  const scanned = await call(
    'alipay.trade.precreate',
    { out_trade_no: number(2), total_amount: '2.02', subject: '扫码' }, { notifyUrl });
  assert.match(scanned.qrCode, /^https:\/\//);
  assert.equal((await query(number(2))).subCode, 'ACQ.TRADE_NOT_EXIST');
  await pay('alipay', scanned.qrCode, input.user);
  assert.equal(notice(sdk).out_trade_no, number(2));

  const other = { ...order, out_trade_no: number(3) };
  await call('alipay.trade.create', other);
  assert.equal((await call('alipay.trade.close', { out_trade_no: number(3) })).code, '10000');
  assert.equal((await query(number(3))).tradeStatus, 'TRADE_CLOSED');

  const nobody = await query('nobody');
  assert.equal(nobody.code, '40004');
  assert.equal(nobody.subCode, 'ACQ.TRADE_NOT_EXIST');

  // Signed by another application's key, refused; the answer's own signature is genuine all the same.
  const forger = client(app, { privateKey: file(`alipay_${app.other_app_id}_app_private_key.pem`) });
  const refused = await forger.exec(
    'alipay.trade.query', { appAuthToken: app.app_auth_token, bizContent: { out_trade_no: number(1) } });
  assert.equal(refused.subCode, 'isv.invalid-signature');
}

// Somebody else's key does not verify an answer.
const [app] = input.apps;
const deceived = client(app, { alipayPublicKey: file(`alipay_${app.other_app_id}_alipay_public_key.pem`) });
const reason = await failure(deceived.exec(
  'alipay.trade.query', { appAuthToken: app.app_auth_token, bizContent: { out_trade_no: 'x' } }, { validateSign: true }));
assert.match(reason.message, /验签失败/);

await advance(input.until_bill_seconds);
// The package stamps its calls with the real time, which is long past here.
await post('/_sim/faults', {
  channel: 'alipay', op: 'alipay.data.dataservice.bill.downloadurl.query',
  effect: { kind: 'clock_skew', seconds: -input.until_bill_seconds },
});
for (const app of input.apps) {
  const link = await client(app).exec('alipay.data.dataservice.bill.downloadurl.query', {
    appAuthToken: app.app_auth_token, bizContent: { bill_type: 'trade', bill_date: input.bill_date },
  }, { validateSign: true });
  assert.equal(link.code, '10000', JSON.stringify(link));
  assert.equal(link.billFileCode, undefined);
  const bill = await fetch(link.billDownloadUrl);
  assert.equal(bill.status, 200);
  assert.equal(Buffer.from(await bill.arrayBuffer()).toString('latin1', 0, 2), 'PK');
}
server.close();
