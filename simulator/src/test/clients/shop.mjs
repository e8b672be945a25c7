// What every client needs around it: the input of the test, the simulator's admin API, and a merchant's server.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';

// {admin, channel, credentials, …}: see the test that starts the script.
export const input = JSON.parse(readFileSync(0, 'utf8'));

export async function get(path) {
  return answer(await fetch(input.admin + path));
}

export async function post(path, body = {}) {
  return answer(await fetch(input.admin + path, { method: 'POST', body: JSON.stringify(body) }));
}

async function answer(response) {
  const text = await response.text();
  assert.ok(response.ok, `${response.url}: ${response.status} ${text}`);
  return JSON.parse(text);
}

// A user pays, and the notice of it arrives.
export async function pay(channel, ref, user) {
  const paid = await post('/_sim/pay', { channel, ref, user, action: 'success' });
  assert.equal(paid.succeeded, true, JSON.stringify(paid));
  await drain();
}

export async function drain() {
  await post('/_sim/notify/drain?timeout=30');
}

export async function advance(seconds) {
  await post('/_sim/clock/advance', { seconds });
}

// The verdict on the last delivery of each notice about a number.
export async function verdicts(number) {
  const { notices } = await get(`/_sim/notify?number=${number}`);
  return notices.map(each => `${each.kind} ${each.attempts.length} ${each.state}`);
}

// A merchant's server on a free port of loopback. The handler gets path and body, and returns [type, body].
export async function serve(handler) {
  const failures = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    for await (const part of request) body += part;
    try {
      const [type, text] = await handler(request.url, body);
      response.writeHead(200, { 'Content-Type': type }).end(text);
    } catch (failure) {
      failures.push(failure);
      response.writeHead(500).end();
    }
  });
  await new Promise(ready => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    // Ends it, and fails if a handler has failed.
    close() {
      server.close();
      server.closeAllConnections();
      if (failures.length > 0) throw failures[0];
    },
  };
}

// The failure that a call must end in.
export async function failure(promise) {
  try {
    await promise;
  } catch (reason) {
    return reason;
  }
  throw new assert.AssertionError({ message: 'the call did not fail' });
}
