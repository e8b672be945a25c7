// Forms from schemas: each kind of value has its input, and gives back what JSON wants.

import { element, label } from './show.js';
import { say } from './words.js';

const EXACT_INTEGER = /^-?\d{1,15}$/;

/** A part of a form. `read` gives its value, undefined where nothing was said; `fill` puts one in. */
function scalar(schema, must) {
  const hint = schema.default === undefined ? '' : `${say('usually')} ${schema.default}`;
  if (schema.enum || schema.type === 'boolean') {
    const options = schema.enum ?? ['true', 'false'];
    const input = element('select', { required: must },
      element('option', { value: '' }, hint || '–'), options.map(option => element('option', { value: option }, option)));
    return {
      input,
      read: () => (input.value === '' ? undefined : schema.type === 'boolean' ? input.value === 'true' : input.value),
      fill: value => { input.value = String(value); },
    };
  }
  const input = element('input', {
    required: must,
    placeholder: hint || undefined,
    maxlength: schema.maxLength,
    inputmode: schema.type === 'integer' ? 'numeric' : undefined,
    type: schema.writeOnly || schema.format === 'password' ? 'password' : 'text',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  return {
    input,
    // What is no number goes out as text: the API says what is wrong with it, and where.
    read: () => {
      const text = input.value.trim();
      if (text === '') return undefined;
      return schema.type === 'integer' && EXACT_INTEGER.test(text) ? Number(text) : text;
    },
    fill: value => { input.value = String(value); },
  };
}

function several(schema, model) {
  const of = model.resolve(schema.items);
  const rows = element('div');
  const parts = [];
  const addRow = () => {
    const part = partOf(of, model, true);
    parts.push(part);
    const row = element('div', { class: of.type === 'object' ? '' : 'bar' }, part.input, element('button', {
      type: 'button',
      onclick: () => { parts.splice(parts.indexOf(part), 1); row.remove(); },
    }, say('remove')));
    rows.append(row);
    return part;
  };
  return {
    input: element('div', {}, rows, element('button', { type: 'button', onclick: addRow }, say('add'))),
    read: () => {
      const values = parts.map(part => part.read()).filter(value => value !== undefined);
      return values.length ? values : undefined;
    },
    fill: values => values.forEach(value => addRow().fill(value)),
  };
}

function structure(schema, model) {
  const fields = fieldsOf(Object.entries(schema.properties ?? {}).map(([name, part]) => ({
    name, schema: part, must: (schema.required ?? []).includes(name),
  })), model);
  return {
    input: element('fieldset', {}, fields.inputs),
    read: () => {
      const value = fields.read();
      return Object.keys(value).length ? value : undefined;
    },
    fill: value => fields.fill(value),
  };
}

function partOf(given, model, must) {
  const schema = model.resolve(given);
  if (schema.type === 'array') return several(schema, model);
  if (schema.type === 'object' && schema.properties) return structure(schema, model);
  return scalar(schema, must);
}

let made = 0;

/**
 * Several fields by name.
 *
 * @param declared what each is: {name, schema, must}
 */
export function fieldsOf(declared, model) {
  const parts = declared.map(({ name, schema, must, about }) => {
    const resolved = model.resolve(schema);
    const part = partOf(resolved, model, must);
    const id = `field-${++made}`;
    part.input.id = id;
    const explained = about ?? resolved.description;
    const box = element('div', { class: 'field', 'data-field': name },
      element('label', { for: id, class: must ? 'must' : undefined }, label(name)),
      part.input,
      explained ? element('small', { class: 'hint' }, explained) : undefined);
    return { name, part, box };
  });
  return {
    inputs: parts.map(({ box }) => box),
    read: () => Object.fromEntries(
      parts.map(({ name, part }) => [name, part.read()]).filter(([, value]) => value !== undefined)),
    fill: values => parts.forEach(({ name, part }) => {
      if (values[name] !== undefined) part.fill(values[name]);
    }),
    /** Marks the field that an error names: `deals[0].price` marks `deals`. */
    mark: field => parts.forEach(({ name, box }) =>
      box.classList.toggle('wrong', field !== undefined && field.split(/[.[]/)[0] === name)),
  };
}
