// The shop's page. It knows no secret: what it hands to the app's bridge was signed by the back end, and what the app
// answers is passed on and believed by nobody.

import { languageTag, otherLanguage, say } from './words.js';

const page = document.getElementById('page');
const said = document.getElementById('said');
const language = document.getElementById('language');

/** What the back end last told; see Story.java. */
let state = { version: -1, sales: [] };
let problem = '';
let busy = false;
/** Which messages are open, so that news do not close them. */
const open = new Set();

const yuan = fen =>
  (fen / 100).toLocaleString(languageTag(), { style: 'currency', currency: 'CNY', currencyDisplay: 'narrowSymbol' });

/** An element; children are elements or text, never markup. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter(child => child !== undefined && child !== ''));
  return element;
}

// --- Talking to the back end and to the app --------------------------------------------------------------------------

async function post(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const json = text ? JSON.parse(text) : {};
  if (!answer.ok) throw new Error(json.problem ?? String(answer.status));
  return json;
}

/** Opens the cashier of the app that the page pretends to be in. */
function bridge(channel, parameters) {
  return new Promise((done, failed) => {
    if (!window.WeixinJSBridge) failed(new Error(say('noBridge')));
    else if (channel === 'wechat') window.WeixinJSBridge.invoke('getBrandWCPayRequest', parameters, done);
    else window.AlipayJSBridge.call('tradePay', parameters, done);
  });
}

async function sell(kind, channel) {
  const { number, arguments: parameters } = await post('sales', { kind, channel });
  bridge(channel, parameters).then(result => post('results', { number, result })).catch(show);
}

/** Runs what a button does, one at a time. */
const does = work => async () => {
  busy = true;
  problem = '';
  draw();
  try {
    await work();
  } catch (error) {
    show(error);
  }
  busy = false;
  draw();
};

function show(error) {
  problem = error instanceof TypeError ? say('away') : error.message;
  draw();
}

// --- Showing ---------------------------------------------------------------------------------------------------------

function draw() {
  document.documentElement.lang = languageTag();
  language.textContent = say('language');
  const focused = document.activeElement?.id;
  page.replaceChildren(
    make('p', { class: 'lead' }, say('lead')),
    problem ? make('p', { class: 'problem', role: 'alert' }, `${say('problem')} ${problem}`) : '',
    coffee(),
    order(),
  );
  if (focused) document.getElementById(focused)?.focus();
}

const button = (id, kind, text, work, disabled = false) =>
  make('button', { id, type: 'button', class: kind, onclick: does(work), disabled: busy || disabled }, text);

function coffee() {
  const sale = state.sales.find(each => each.kind === 'coffee');
  return make('section', { 'aria-labelledby': 'coffee' },
    make('h2', { id: 'coffee' }, say('coffee')),
    make('p', { class: 'lead' }, say('coffeeLead')),
    make('div', { class: 'card' },
      make('div', { class: 'cup', 'aria-hidden': 'true' }, '☕'),
      make('div', { class: 'inside' },
        make('p', { class: 'name' }, say('latte')),
        make('p', { class: 'price' }, yuan(1800)),
        make('div', { class: 'buttons' },
          button('coffee-wechat', 'wechat', say('wechat'), () => sell('coffee', 'wechat')),
          button('coffee-alipay', 'alipay', say('alipay'), () => sell('coffee', 'alipay'))),
        sale?.state === 'paid' ? make('p', { class: 'good' }, say('enjoy')) : '')),
    make('div', {}, make('h3', {}, say('behind')), sale ? timeline(sale) : make('p', { class: 'soft' }, say('nothing'))));
}

function order() {
  const account = state.account;
  if (!account) return '';
  const missing = yuan(account.missing);
  return make('section', { 'aria-labelledby': 'order' },
    make('h2', { id: 'order' }, say('order')),
    make('p', { class: 'lead' }, say('orderLead')),
    make('div', { class: 'card' },
      make('div', { class: 'inside' },
        make('dl', {},
          make('dt', {}, say('account')), make('dd', {}, make('code', {}, account.uin)),
          make('dt', {}, say('price')), make('dd', {}, yuan(account.price)),
          make('dt', {}, say('balance')), make('dd', { id: 'balance' }, yuan(account.balance)),
          ...(account.missing > 0
            ? [make('dt', {}, say('missing')), make('dd', { class: 'total bad' }, missing)]
            : [])),
        account.unpaid
          ? make('div', { class: 'buttons' },
              button('pay', 'main', say('pay'), () => post('payments', {})),
              account.missing > 0
                ? button('top-up-wechat', 'wechat', say('topUpWechat', missing), () => sell('topUp', 'wechat')) : '',
              account.missing > 0
                ? button('top-up-alipay', 'alipay', say('topUpAlipay', missing), () => sell('topUp', 'alipay')) : '')
          : make('p', { class: 'good' }, `${say('delivered')}: `, make('code', {}, account.resources.join(' '))))),
    make('div', {}, make('h3', {}, say('behind')), ...happened()));
}

function happened() {
  const topUps = state.sales.filter(sale => sale.kind === 'topUp').slice(0, 3).map(timeline);
  const parts = [attempt(), ...topUps].filter(part => part !== '');
  return parts.length ? parts : [make('p', { class: 'soft' }, say('nothing'))];
}

function attempt() {
  if (!state.attempt) return '';
  const { at, answer } = state.attempt;
  const failed = answer.Error !== undefined;
  return make('ol', { class: 'steps' },
    step(failed ? 'failed' : 'done', `attempt ${at}`, at, say(failed ? 'refused' : 'paid'), answer,
      failed ? make('p', { class: 'soft' }, make('code', {}, answer.Error.Code), ` ${answer.Error.Message}`) : ''));
}

function timeline(sale) {
  const steps = sale.steps.map(each => drawn(sale, each));
  if (sale.state === 'waiting') {
    steps.push(make('li', { class: 'pending' }, make('p', {}, say(sale.steps.length ? 'waiting' : 'calling'))));
  }
  return make('div', { class: 'sale', 'data-number': sale.number, 'data-state': sale.state },
    make('p', { class: 'soft' }, make('code', {}, sale.number), ` · ${yuan(sale.fen)}`),
    make('ol', { class: 'steps' }, ...steps));
}

function drawn(sale, { name, at, detail }) {
  const id = `${sale.number} ${name} ${at}`;
  switch (name) {
    case 'called': {
      const good = detail.answer.status === 0 && detail.answer_verified;
      return step(good ? 'done' : 'failed', id, at, say(good ? 'called' : 'calledBadly'), detail,
        good ? '' : make('p', { class: 'soft' }, detail.answer.description ?? ''));
    }
    case 'returned':
      return step('', id, at, say('returned', detail.err_msg ?? `resultCode ${detail.resultCode}`), detail);
    case 'noticed':
      return step('done', id, at,
        say('noticed', yuan(detail.order_content.total_fee), detail.order_content.transaction_id), detail);
    default:
      return step('done', id, at, say('credited', yuan(sale.fen)), detail);
  }
}

function step(kind, id, at, text, message, more = '') {
  return make('li', { class: kind },
    make('p', {}, text, ' ', make('time', { datetime: at }, new Date(at).toLocaleTimeString(languageTag()))),
    more,
    make('details', {
      open: open.has(id),
      ontoggle: event => (event.target.open ? open.add(id) : open.delete(id)),
    }, make('summary', {}, say('details')), make('pre', {}, JSON.stringify(message, null, 2))));
}

/** Says the newest step aloud to whoever does not see it. */
function announce(before) {
  if (before.version < 0) return; // all of it is news to the page, none of it to the world
  const newest = state.sales[0];
  const known = before.sales.find(sale => sale.number === newest?.number);
  if (newest?.state === 'paid' && known?.state !== 'paid') {
    said.textContent = say(newest.kind === 'coffee' ? 'enjoy' : 'credited', yuan(newest.fen));
  }
}

// --- News ------------------------------------------------------------------------------------------------------------

const PAUSE = 1000; // milliseconds, when the shop is away

async function follow() {
  for (;;) {
    try {
      const query = state.version < 0 ? '' : `?after=${state.version}`;
      const before = state;
      const answer = await fetch(`state${query}`);
      if (!answer.ok) throw new TypeError('away');
      const news = await answer.json();
      if (news.version !== before.version) {
        state = news;
        draw();
        announce(before);
      }
    } catch {
      state = { ...state, version: -1 }; // it may have been started anew, and then counts from the beginning
      await new Promise(done => setTimeout(done, PAUSE));
    }
  }
}

language.addEventListener('click', () => {
  otherLanguage();
  draw();
});
draw();
follow();
