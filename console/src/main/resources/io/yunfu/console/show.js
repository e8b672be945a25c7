// Values for people. Everything goes into the page as text: nothing that an API answers can become markup.

import { languageTag, say } from './words.js';

/** An element. Attributes that begin with `on` are listeners; undefined ones are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.flat().filter(child => child !== undefined && child !== null));
  return made;
}

const SMALLEST_PER_UNIT = 100n;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function money(smallest, currency) {
  const whole = BigInt(smallest);
  const size = whole < 0n ? -whole : whole;
  const cents = String(size % SMALLEST_PER_UNIT).padStart(2, '0');
  return `${whole < 0n ? '-' : ''}${(size / SMALLEST_PER_UNIT).toLocaleString(languageTag())}.${cents} ${currency}`;
}

const isMoney = value =>
  Number.isSafeInteger(value.amount) && typeof value.currency === 'string' && Object.keys(value).length === 2;

/**
 * One value, whatever it is.
 *
 * @param link gives the address of the page of what a property names, or undefined
 */
export function shown(value, property, link) {
  if (value === undefined || value === null || value === '') return element('span', { class: 'hint' }, '–');
  if (value === true || value === false) return say(value ? 'yes' : 'no');
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return text(value, property, link);
  if (Array.isArray(value)) return list(value, property, link);
  if (isMoney(value)) {
    return element('span', { title: `${value.amount}` }, money(value.amount, value.currency));
  }
  return details(value, link);
}

function text(value, property, link) {
  if (TIME.test(value)) {
    const time = new Date(value);
    if (!Number.isNaN(time.getTime())) {
      return element('time', { datetime: value, title: value }, time.toLocaleString(languageTag()));
    }
  }
  const address = link(property, value);
  if (address) return element('a', { href: address }, value);
  return value.includes('\n') ? element('pre', {}, value) : value;
}

function list(values, property, link) {
  if (!values.length) return element('span', { class: 'hint' }, '–');
  if (values.every(value => typeof value === 'object' && value !== null && !Array.isArray(value))) {
    return table(values, [...new Set(values.flatMap(Object.keys))], link);
  }
  return element('span', {}, values.flatMap((value, i) => [i ? ', ' : '', shown(value, property, link)]));
}

export function details(value, link) {
  return element('dl', {}, Object.entries(value).flatMap(([key, part]) => [
    element('dt', {}, label(key)),
    element('dd', {}, shown(part, key, link)),
  ]));
}

/** @param onto a table that goes on with these rows */
export function table(rows, columns, link, onto) {
  const body = onto ?? element('tbody');
  for (const row of rows) {
    body.append(element('tr', {}, columns.map(column => element(
      'td',
      { class: typeof row[column] === 'number' || (row[column] && row[column].currency) ? 'number' : undefined },
      shown(row[column], column, link)))));
  }
  return onto ?? element('div', { class: 'scroll' }, element(
    'table', {},
    element('thead', {}, element('tr', {}, columns.map(column => element('th', { scope: 'col' }, label(column))))),
    body));
}

/** `bigDealId` reads "big deal id". */
export const label = name => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[-_]/g, ' ').toLowerCase();
