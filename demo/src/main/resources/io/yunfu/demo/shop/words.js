// What the shop says, in both languages.

const WORDS = {
  en: {
    language: '中文',
    lead:
      'A small shop that takes payments through Yunfu, the way an integration from outside does it: its page calls the ' +
      "app's bridge, its back end calls Cloud Pay over HTTP, and only a signed notice makes it hand anything out. " +
      'WeChat Pay and Alipay are simulated; no money moves.',
    coffee: '1. A coffee, paid in the app',
    coffeeLead: 'Choose the app that this page is open in. In the cashier, press “Pay now”, or try the other buttons.',
    latte: 'Latte, large',
    wechat: 'Pay with WeChat',
    alipay: 'Pay with Alipay',
    behind: 'What happens behind it',
    nothing: 'Nothing yet.',
    order: '2. An order that costs more than there is',
    orderLead:
      'A customer of the cloud has an order that its balance cannot pay. It tops the balance up here; the notice of the ' +
      'payment credits it; then PayDeals pays the order, and what was ordered is delivered.',
    account: 'Account',
    balance: 'Balance',
    price: 'Order',
    missing: 'Missing',
    pay: 'Pay the order',
    topUpWechat: amount => `Top up ${amount} with WeChat`,
    topUpAlipay: amount => `Top up ${amount} with Alipay`,
    delivered: 'Paid and delivered',
    called: 'The back end called official_account_pay and verified the answer.',
    calledBadly: 'The back end called official_account_pay, and was refused.',
    returned: what => `The app told the page “${what}”. Pages can be made to say anything: the shop goes by the notice alone.`,
    noticed: (amount, id) => `A signed notice arrived: ${amount} paid, transaction ${id}.`,
    credited: amount => `The balance was credited with ${amount}.`,
    waiting: 'Waiting for the payer, and for the notice …',
    calling: 'Calling official_account_pay …',
    enjoy: 'Here is your coffee.',
    paid: 'PayDeals paid the order.',
    refused: 'PayDeals was refused.',
    details: 'The message',
    problem: 'That did not work:',
    away: 'The shop does not answer.',
    noBridge: 'The simulator does not answer: its bridge has not been loaded.',
  },
  zh: {
    language: 'English',
    lead:
      '这是一家通过云付收款的小店，完全按外部商户的方式接入：页面调用客户端的 JS 桥，后台通过 HTTP 调用云支付接口，' +
      '只有收到并验签通过的通知才算付款成功。微信支付和支付宝均为模拟，不会产生真实资金。',
    coffee: '1. 一杯咖啡，在客户端内付款',
    coffeeLead: '请选择本页面所在的客户端。在收银台点击“立即支付”，也可以试试其他按钮。',
    latte: '大杯拿铁',
    wechat: '微信支付',
    alipay: '支付宝支付',
    behind: '幕后过程',
    nothing: '暂无。',
    order: '2. 一笔余额不足的订单',
    orderLead: '云上客户有一笔余额付不起的订单。先在这里充值，付款通知到达后余额入账，再由 PayDeals 支付订单，资源随即发货。',
    account: '账号',
    balance: '余额',
    price: '订单金额',
    missing: '尚缺',
    pay: '支付订单',
    topUpWechat: amount => `微信充值 ${amount}`,
    topUpAlipay: amount => `支付宝充值 ${amount}`,
    delivered: '已支付并发货',
    called: '后台调用了 official_account_pay，应答验签通过。',
    calledBadly: '后台调用 official_account_pay 被拒绝。',
    returned: what => `客户端告诉页面“${what}”。页面的话不能作为付款凭证，小店只认通知。`,
    noticed: (amount, id) => `收到验签通过的付款通知：${amount}，交易号 ${id}。`,
    credited: amount => `余额已入账 ${amount}。`,
    waiting: '等待用户付款和通知……',
    calling: '正在调用 official_account_pay……',
    enjoy: '您的咖啡好了。',
    paid: 'PayDeals 已支付订单。',
    refused: 'PayDeals 被拒绝。',
    details: '报文',
    problem: '操作没有成功：',
    away: '小店没有应答。',
    noBridge: '模拟器没有应答：JS 桥未加载。',
  },
};

const KEPT = 'yunfu.language';
let language = localStorage.getItem(KEPT) ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');

export const say = (word, ...values) => {
  const text = WORDS[language][word];
  return typeof text === 'function' ? text(...values) : text;
};

export const languageTag = () => (language === 'zh' ? 'zh-CN' : 'en-US');

export function otherLanguage() {
  language = language === 'zh' ? 'en' : 'zh';
  localStorage.setItem(KEPT, language);
}
