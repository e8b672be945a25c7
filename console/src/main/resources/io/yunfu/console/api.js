// The admin API, as its own document describes it. The token stays in this tab: it is in no URL, no cookie, no page.

import { languageTag, say } from './words.js';

const BASE = '/admin/v1';
const KEPT = 'yunfu.token';

/** An answer that is no success, as the API spells it. */
export class Refused extends Error {
  constructor(status, error) {
    super(error?.message ?? say('away'));
    this.status = status;
    this.code = error?.code ?? '';
    this.field = error?.field;
    this.requestId = error?.requestId;
  }
}

export const session = {
  token: sessionStorage.getItem(KEPT),
  enter(token) {
    this.token = token;
    sessionStorage.setItem(KEPT, token);
  },
  leave() {
    this.token = null;
    sessionStorage.removeItem(KEPT);
  },
};

async function call(method, path, body, key) {
  const headers = { Authorization: `Bearer ${session.token}`, 'Accept-Language': languageTag() };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = key;
  let answer;
  try {
    answer = await fetch(BASE + path, { method, headers, body: body && JSON.stringify(body), redirect: 'error' });
  } catch {
    throw new Refused(0);
  }
  const text = await answer.text();
  let json = {};
  try {
    if (text) json = JSON.parse(text);
  } catch {
    throw new Refused(answer.status);
  }
  if (!answer.ok) throw new Refused(answer.status, json.error);
  return json;
}

/** One operation of the document, with all that a page has to know of it. */
class Operation {
  constructor(model, path, method, described) {
    this.model = model;
    this.path = path;
    this.method = method.toUpperCase();
    this.id = described.operationId;
    this.area = described.tags[0];
    this.summary = described.summary;
    this.description = described.description ?? '';
    this.columns = described['x-columns'];
    const parameters = (described.parameters ?? []).map(parameter => model.resolve(parameter));
    this.inPath = parameters.filter(parameter => parameter.in === 'path');
    this.inQuery = parameters.filter(parameter => parameter.in === 'query');
    this.repeatable = parameters.some(parameter => parameter.name === 'Idempotency-Key');
    const content = described.requestBody?.content?.['application/json'];
    this.body = content && model.resolve(content.schema);
    this.example = content?.example;
  }

  get reads() {
    return this.method === 'GET';
  }

  get lists() {
    return this.columns !== undefined;
  }

  /** Whether these values say everything that has to be in the path. */
  isNamedBy(values) {
    return this.inPath.every(parameter => values[parameter.name]);
  }

  send(values, body, key) {
    const path = this.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]));
    const query = new URLSearchParams();
    for (const { name } of this.inQuery) {
      if (values[name] !== undefined && values[name] !== '') query.set(name, values[name]);
    }
    return call(this.method, path + (query.size ? `?${query}` : ''), body, this.repeatable ? key : undefined);
  }
}

/** All operations, by area. */
export class Model {
  static async load() {
    return new Model(await call('GET', '/openapi.json'));
  }

  constructor(document) {
    this.document = document;
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => new Operation(this, path, method, described)));
    this.areas = document.tags
      .map(tag => ({ ...tag, operations: this.operations.filter(operation => operation.area === tag.name) }))
      .filter(area => area.name !== 'openapi' && area.operations.length);
  }

  resolve(schema) {
    if (!schema?.$ref) return schema;
    const { $ref, ...rest } = schema;
    return { ...$ref.slice(2).split('/').reduce((node, name) => node[name], this.document), ...rest };
  }

  operation(id) {
    return this.operations.find(operation => operation.id === id);
  }

  /** The operation that shows one thing, named by this property alone: `uin` finds `/accounts/{uin}`. */
  shows(property, area) {
    const fitting = this.operations.filter(
      ({ reads, lists, inPath, path }) =>
        reads && !lists && inPath.length === 1 && inPath[0].name === property && path.endsWith(`{${property}}`));
    return fitting.find(operation => operation.area === area) ?? (fitting.length === 1 ? fitting[0] : undefined);
  }

  /** What else can be done with the one thing that an operation shows. */
  around(operation) {
    return this.operations.filter(
      other => other !== operation && other.inPath.length >= 1 &&
        (other.path === operation.path || other.path.startsWith(`${operation.path}/`)));
  }
}
