// The pages. An address names an area or an operation and what is asked of it: #/accounts, #/accounts.get?uin=1.
// All of them follow from the API's document, so whatever the API can do, can be done here.

import { Model, Refused, session } from './api.js';
import { fieldsOf } from './form.js';
import { details, element, label, shown, table } from './show.js';
import { languageTag, otherLanguage, say } from './words.js';

const page = document.getElementById('page');
const areas = document.getElementById('areas');
const leave = document.getElementById('leave');
const language = document.getElementById('language');

let model;
let shownTurn = 0;

const address = (operation, values = {}) => {
  const said = new URLSearchParams(Object.entries(values).filter(([, value]) => value));
  return `#/${operation.id}${said.size ? `?${said}` : ''}`;
};

const linkIn = area => (property, value) => {
  const operation = model.shows(property, area);
  return operation && address(operation, { [property]: value });
};

function trouble(error) {
  if (!(error instanceof Refused)) throw error;
  return element('div', { class: 'notice bad', role: 'alert' },
    error.message, ' ',
    element('small', {}, [error.code, error.requestId && `${say('request')} ${error.requestId}`].filter(Boolean).join(' · ')));
}

// Pages -------------------------------------------------------------------------------------------------------------

function signIn(refused) {
  const input = element('input', { type: 'password', id: 'token', required: true, autocomplete: 'off' });
  return [
    element('h1', {}, 'Yunfu'),
    refused ? element('div', { class: 'notice bad', role: 'alert' }, say('refused')) : undefined,
    element('form', {
      class: 'card',
      onsubmit: event => {
        event.preventDefault();
        session.enter(input.value.trim());
        open();
      },
    },
    element('div', { class: 'field' },
      element('label', { for: 'token' }, say('token')), input, element('small', { class: 'hint' }, say('tokenHint'))),
    element('button', { class: 'main' }, say('enter'))),
  ];
}

async function overview() {
  let health = {};
  try {
    health = await (await fetch('/ready')).json();
  } catch {
    health = { status: say('away') };
  }
  const well = value => (value === 'ok' || value === 'ready' ? 'good' : 'bad');
  return [
    element('h1', {}, say('overview')),
    element('h2', {}, say('health')),
    element('div', { class: 'card' }, element('dl', {},
      [['status', health.status], ...Object.entries(health.checks ?? {})].flatMap(([name, value]) => [
        element('dt', {}, name), element('dd', { class: well(value) }, value)]))),
    element('h2', {}, say('look')),
    element('div', { class: 'cards' }, model.areas.map(area => element('a', { class: 'card', href: `#/${area.name}` },
      element('strong', {}, label(area.name)), element('br'), element('small', { class: 'hint' }, area.description)))),
  ];
}

/** Commands as buttons, lists that need nothing more as tables. */
function areaPage(area) {
  const lists = area.operations.filter(operation => operation.lists && !operation.inPath.length);
  const others = area.operations.filter(operation => !lists.includes(operation));
  return [
    element('h1', {}, label(area.name)),
    element('p', {}, area.description),
    steps(others, {}),
    lists.map(operation => listing(operation, {})),
  ];
}

const steps = (operations, values) => element('div', { class: 'steps' }, operations.map(operation =>
  element('a', { class: 'button', href: address(operation, values), title: operation.summary }, verb(operation))));

/** `accounts.set-credit-limit` reads "set credit limit". */
const verb = operation => label(operation.id.split('.')[1]);

function listing(operation, values) {
  const filters = operation.inQuery.filter(({ name }) => name !== 'cursor' && name !== 'limit');
  const fields = fieldsOf(filters.map(({ name, schema, description }) =>
    ({ name, schema, must: false, about: description })), model);
  fields.fill(values);
  const result = element('div');
  const find = async () => {
    result.replaceChildren(say('sending'));
    await pages(operation, { ...values, ...blank(filters), ...fields.read() }, result);
  };
  find();
  return element('section', {},
    element('h2', {}, operation.summary),
    filters.length ? element('form', {
      class: 'filter',
      onsubmit: event => { event.preventDefault(); find(); },
    }, fields.inputs, element('button', {}, say('filter'))) : undefined,
    result);
}

const blank = parameters => Object.fromEntries(parameters.map(({ name }) => [name, undefined]));

async function pages(operation, values, result) {
  const link = linkIn(operation.area);
  const rows = element('tbody');
  const next = async cursor => {
    const found = await operation.send({ ...values, cursor });
    table(found.items, operation.columns, link, rows);
    const more = element('button', {
      type: 'button',
      onclick: async () => {
        more.disabled = true;
        try {
          await next(found.next);
          more.remove();
        } catch (error) {
          more.replaceWith(trouble(error));
        }
      },
    }, say('more'));
    if (found.next) result.append(more);
    return found;
  };
  try {
    const whole = table([], operation.columns, link);
    whole.querySelector('tbody').replaceWith(rows);
    result.replaceChildren(whole);
    const first = await next(undefined);
    if (!first.items.length) result.replaceChildren(element('p', { class: 'hint' }, say('none')));
  } catch (error) {
    result.replaceChildren(trouble(error));
  }
}

/** One thing, and what can be done with it. */
async function thing(operation, values) {
  const around = model.around(operation);
  const named = around.filter(other => other.isNamedBy(values));
  const answer = await operation.send(values);
  return [
    element('h1', {}, [label(operation.area), ...operation.inPath.map(({ name }) => values[name])].join(' ')),
    steps(around.filter(other => !other.lists && !(other.reads && named.includes(other))), values),
    element('div', { class: 'card' }, details(answer, linkIn(operation.area))),
    named.filter(other => other.reads && !other.lists).map(other => more(other, values)),
    named.filter(other => other.lists).map(other => listing(other, values)),
  ];
}

function more(operation, values) {
  const box = element('div', { class: 'card' }, say('sending'));
  operation.send(values).then(
    answer => box.replaceChildren(shown(answer, '', linkIn(operation.area))),
    error => box.replaceChildren(trouble(error)));
  return element('section', {}, element('h2', {}, operation.summary), box);
}

/** Asks for what is missing, then carries it out. */
function command(operation, values) {
  const parameters = [...operation.inPath, ...(operation.lists ? [] : operation.inQuery)];
  const asked = fieldsOf(parameters.map(({ name, schema, description, required }) =>
    ({ name, schema, must: required, about: description })), model);
  asked.fill(values);
  const body = operation.body && bodyOf(operation);
  const outcome = element('div', { 'aria-live': 'polite' });
  // One key for one filled-in form: sent twice, it is carried out once.
  let key = crypto.randomUUID();
  const send = element('button', { class: 'main' }, say(operation.reads ? 'show' : 'send'));
  const submit = async event => {
    event.preventDefault();
    send.disabled = true;
    asked.mark(undefined);
    body?.mark(undefined);
    outcome.replaceChildren(say('sending'));
    try {
      const said = { ...asked.read() };
      if (operation.lists) {
        outcome.replaceChildren(listing(operation, said));
      } else {
        const answer = await operation.send(said, body?.read(), key);
        key = crypto.randomUUID();
        outcome.replaceChildren(
          element('div', { class: 'notice good' }, say('done'), hasSecret(answer) ? ` ${say('once')}` : ''),
          element('div', { class: 'card' }, details(answer, linkIn(operation.area))));
      }
    } catch (error) {
      asked.mark(error.field);
      body?.mark(error.field);
      outcome.replaceChildren(error instanceof SyntaxError
        ? element('div', { class: 'notice bad', role: 'alert' }, say('notJson')) : trouble(error));
    } finally {
      send.disabled = false;
    }
  };
  return [
    element('h1', {}, `${label(operation.area)}: ${verb(operation)}`),
    element('p', {}, operation.summary, ' ', operation.description),
    element('form', { class: 'card', onsubmit: submit, novalidate: operation.body !== undefined },
      asked.inputs, body?.input, element('div', { class: 'bar' }, send)),
    outcome,
  ];
}

const hasSecret = answer => Object.keys(answer).some(name => /secret|token|(auth|authen|provider)Key$/i.test(name));

/** The body as fields, or as the JSON that they stand for. */
function bodyOf(operation) {
  const required = operation.body.required ?? [];
  const declared = Object.entries(operation.body.properties ?? {}).map(([name, schema]) =>
    ({ name, schema, must: required.includes(name) }));
  const place = element('div');
  const json = element('textarea', { rows: 14, spellcheck: 'false', 'aria-label': 'JSON' });
  let fields = fieldsOf(declared, model);
  let asJson = false;
  const start = values => {
    fields = fieldsOf(declared, model);
    fields.fill(values);
    json.value = JSON.stringify(values, null, 2);
    place.replaceChildren(...(asJson ? [json] : fields.inputs));
  };
  const value = () => {
    if (!asJson) return fields.read();
    const parsed = JSON.parse(json.value);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new SyntaxError();
    return parsed;
  };
  const toggle = element('button', {
    type: 'button',
    onclick: () => {
      let known = {};
      try {
        known = value();
      } catch {
        json.focus();
        return;
      }
      asJson = !asJson;
      toggle.textContent = say(asJson ? 'asForm' : 'asJson');
      start(known);
    },
  }, say('asJson'));
  start({});
  return {
    input: element('div', {}, place, element('div', { class: 'bar field' }, toggle,
      operation.example
        ? element('button', { type: 'button', onclick: () => start(operation.example) }, say('example')) : undefined)),
    read: value,
    mark: field => fields.mark(field),
  };
}

// Where we are ------------------------------------------------------------------------------------------------------

async function contents() {
  const [, name = '', query = ''] = /^#\/([^?]*)\??(.*)$/.exec(location.hash) ?? [];
  if (name === '') return overview();
  const area = model.areas.find(each => each.name === name);
  if (area) return areaPage(area);
  const operation = model.operation(name);
  if (!operation) return [element('h1', {}, say('unknown'))];
  const values = Object.fromEntries(new URLSearchParams(query));
  if (operation.reads && operation.isNamedBy(values)) {
    return operation.lists ? [element('h1', {}, label(operation.area)), listing(operation, values)] : thing(operation, values);
  }
  return command(operation, values);
}

async function open() {
  const turn = ++shownTurn;
  document.documentElement.lang = languageTag();
  language.textContent = say('language');
  leave.textContent = say('leave');
  let made;
  let refused = false;
  try {
    if (session.token) {
      model ??= await Model.load();
      made = await contents();
    }
  } catch (error) {
    if (error.status === 401 || error.status === 403) {
      session.leave();
      model = undefined;
      refused = true;
    } else {
      made = [trouble(error)];
    }
  }
  if (turn !== shownTurn) return; // somebody has gone on meanwhile
  leave.hidden = !session.token;
  areas.replaceChildren(...(session.token && model ? model.areas : []).map(area => element('a', {
    href: `#/${area.name}`,
    'aria-current': location.hash.slice(2).split(/[.?]/)[0] === area.name ? 'page' : undefined,
  }, label(area.name))));
  page.replaceChildren(...(made ?? signIn(refused)).flat().filter(Boolean));
  page.focus();
}

leave.addEventListener('click', () => {
  session.leave();
  model = undefined;
  location.hash = '#/';
  open();
});
language.addEventListener('click', () => {
  otherLanguage();
  open();
});
window.addEventListener('hashchange', open);
open();
