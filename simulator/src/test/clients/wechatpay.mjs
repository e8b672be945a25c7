// npm wechatpay-axios-plugin as a service provider's program: version 2, over TLS with a client certificate in PEM. It
// verifies each answer itself; notices are verified with the package's Hash and Aes, as its manual tells.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import wechatpay from 'wechatpay-axios-plugin';
import { advance, drain, failure, input, pay, post, serve, verdicts } from './shop.mjs';

const { Aes, Formatter, Hash, Transformer, Wechatpay } = wechatpay;
const file = name => readFileSync(`${input.credentials}/${name}`);

// The keys of version 3 are mandatory in the constructor, whether it is used or not.
const client = (secret = input.api_key) => new Wechatpay({
  baseURL: input.channel,
  mchid: input.mch_id,
  serial: '01',
  privateKey: file(`${input.mch_id}_key.pem`),
  certs: { PLATFORM: file('ca.pem') },
  secret,
  merchant: { cert: file(`${input.mch_id}_cert.pem`), key: file(`${input.mch_id}_key.pem`) },
}).v2;

const { pay: api, secapi } = client();

const acknowledged = Transformer.toXml({ return_code: 'SUCCESS', return_msg: 'OK' });
const bodies = [];
const server = await serve((path, body) => {
  bodies.push([path, body]);
  return ['text/xml', acknowledged];
});

// The fields of a notice of payment if its signature is that of the order.
function verified(body, type) {
  const notice = Transformer.toObject(body);
  return Hash.equals(Hash.sign(type, notice, input.api_key), notice.sign) ? notice : null;
}

const refusal = async promise => (await failure(promise)).response.data;

for (const sign_type of [Hash.ALGO_MD5, Hash.ALGO_HMAC_SHA256]) {
  const suffix = sign_type.replace(/[^A-Z0-9]/g, '');
  const common = {
    appid: input.appid, mch_id: input.mch_id, sub_appid: input.sub_appid, sub_mch_id: input.sub_mch_id, sign_type,
  };
  const out_trade_no = `axios${suffix}1`;
  const out_refund_no = `axios${suffix}R1`;
  const order = {
    ...common, out_trade_no, body: '测试门店-豆浆 <&>', total_fee: 101, attach: 'a=1&b=2', spbill_create_ip: '127.0.0.1',
    trade_type: 'JSAPI', sub_openid: input.sub_openid, notify_url: `${server.url}/paid`,
  };

  const { data: created } = await api.unifiedorder(order);
  const page = {
    appId: input.sub_appid, timeStamp: `${Formatter.timestamp()}`, nonceStr: Formatter.nonce(),
    package: `prepay_id=${created.prepay_id}`, signType: sign_type,
  };
  page.paySign = Hash.sign(sign_type, page, input.api_key);
  const opened = await post('/_sim/bridge', { channel: 'wechat', parameters: page });
  assert.ok(opened.id, `the page's signature: ${opened.why}`);

  assert.equal((await api.orderquery({ ...common, out_trade_no })).data.trade_state, 'NOTPAY');
  await pay('wechat', created.prepay_id, input.user);
  const [, told] = bodies.pop();
  const notice = verified(told, sign_type);
  assert.ok(notice, `the notice's signature: ${told}`);
  assert.equal(notice.out_trade_no, out_trade_no);
  assert.equal(notice.attach, 'a=1&b=2');
  const forged = told.replace(/(<total_fee>.*?)101/, '$11');
  assert.notEqual(forged, told);
  assert.equal(verified(forged, sign_type), null);

  const { data: paid } = await api.orderquery({ ...common, out_trade_no });
  assert.equal(paid.trade_state, 'SUCCESS');
  assert.equal(paid.transaction_id, notice.transaction_id);
  assert.equal((await refusal(api.unifiedorder(order))).err_code, 'ORDERPAID');

  const refund = {
    ...common, out_trade_no, out_refund_no, total_fee: 101, refund_fee: 1, notify_url: `${server.url}/refunded`,
  };
  const bare = await refusal(secapi.pay.refund(refund));
  assert.equal(bare.return_code, 'FAIL', 'a refund without a client certificate');
  const { data: asked } = await secapi.pay.refund(refund, { security: true });
  assert.equal(asked.refund_fee, '1');
  assert.equal((await api.refundquery({ ...common, out_refund_no })).data.refund_status_0, 'PROCESSING');
  await advance(10);
  await drain();
  const { data: refunded } = await api.refundquery({ ...common, out_refund_no });
  assert.equal(refunded.refund_status_0, 'SUCCESS');
  assert.equal(refunded.refund_id_0, asked.refund_id);
  const [, secret] = bodies.pop();
  const about = Transformer.toObject(
    Aes.AesEcb.decrypt(Transformer.toObject(secret).req_info, Hash.md5(input.api_key)));
  assert.equal(about.out_refund_no, out_refund_no);
  assert.equal(about.refund_status, 'SUCCESS');
  assert.deepEqual(await verdicts(out_trade_no), ['pay 1 delivered', 'refund 1 delivered']);

  const other = { ...order, out_trade_no: `axios${suffix}2`, trade_type: 'NATIVE', product_id: 'p1' };
  assert.match((await api.unifiedorder(other)).data.code_url, /^weixin:/);
  await advance(301);
  await api.closeorder({ ...common, out_trade_no: other.out_trade_no });
  assert.equal(
    (await api.orderquery({ ...common, out_trade_no: other.out_trade_no })).data.trade_state, 'CLOSED');

  assert.equal((await refusal(api.orderquery({ ...common, out_trade_no: 'nobody' }))).err_code, 'ORDERNOTEXIST');
  const stranger = client('x'.repeat(32)).pay;
  assert.equal((await refusal(stranger.orderquery({ ...common, out_trade_no }))).return_msg, '签名错误');
}
assert.deepEqual(bodies, []);

await advance(input.until_bill_seconds);
const { data: bill } = await api.downloadbill({
  appid: input.appid, mch_id: input.mch_id, sub_mch_id: input.sub_mch_id, bill_type: 'ALL', bill_date: input.bill_date,
}, { responseType: 'arraybuffer', transformResponse: [] });
const { rows, summary } = Formatter.castCsvBill(bill);
assert.deepEqual(
  rows.map(row => row['商户订单号']).sort(),
  ['axiosHMACSHA2561', 'axiosHMACSHA2561', 'axiosMD51', 'axiosMD51']);
assert.equal(summary['总交易单数'], '4');
server.close();
