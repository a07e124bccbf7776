import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL('../', import.meta.url));

/** What a user of the package gets, each way of asking for it. */
const ways = [
  ['imported', () => import('@counterfoil/client')],
  ['required', () => Promise.resolve(require('@counterfoil/client'))],
];

async function serving(answer) {
  const seen = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    answer(response, seen);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { seen, url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

const json = (response, status, body, headers = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};

for (const [way, load] of ways) {
  test(`the package can be ${way}, and makes a call`, async (t) => {
    const { NewAPIClient } = await load();
    const data = { user_id: 1, external_user_id: 'u/1', is_new_user: true };
    const service = await serving((response) => json(response, 200, { success: true, message: 'ok', data }));
    t.after(service.close);
    const answer = await new NewAPIClient(`${service.url}/`, { serviceKey: 'key' }).syncUser({
      external_user_id: 'u/1',
      username: 'ann',
    });
    assert.deepEqual({ ...answer }, data);
    assert.deepEqual(answer.data, data);
    assert.equal(answer.replayed, false);
    assert.equal(service.seen[0].url, '/api/user/external/sync');
    assert.equal(service.seen[0].headers.authorization, 'Bearer key');
  });
}

test('what was not answered is sent again, the very same', async (t) => {
  const { NewAPIClient } = await import('@counterfoil/client');
  const token = { token_id: 1, access_key: 'sk-1' };
  const service = await serving((response, seen) => {
    if (seen.length === 1) return response.destroy();
    if (seen.length === 2) return json(response, 503, {}, { 'retry-after': '0' });
    if (seen.length === 3) {
      response.writeHead(200, { 'content-length': '1000' });
      return response.write('{"success":', () => response.destroy());
    }
    return json(response, 200, { success: true, data: token }, { 'idempotency-replayed': 'true' });
  });
  t.after(service.close);
  const answer = await new NewAPIClient(service.url).createToken({ external_user_id: 'u', token_name: 't' });
  assert.equal(answer.replayed, true);
  assert.equal(answer.data.access_key, 'sk-1');
  assert.equal(service.seen.length, 4);
  const { body, headers } = service.seen[0];
  assert.match(headers['idempotency-key'], /^[0-9a-f]{32}$/);
  for (const again of service.seen) {
    assert.equal(again.body, body);
    assert.equal(again.headers['idempotency-key'], headers['idempotency-key']);
  }
});

test('a refusal is not sent again, and says what it is', async (t) => {
  const { ApiError, isApiError, NewAPIClient } = await import('@counterfoil/client');
  const refusal = {
    success: false,
    message: 'no',
    code: 'payment_conflict',
    details: { field: 'amount_usd' },
  };
  const service = await serving((response) => json(response, 409, refusal, { 'x-request-id': 'r-1' }));
  t.after(service.close);
  const topup = { external_user_id: 'u', amount_usd: 1, payment_id: 'p' };
  const error = await new NewAPIClient(service.url).topupUser(topup).catch((reason) => reason);
  assert.ok(error instanceof ApiError);
  assert.ok(isApiError(error, 'payment_conflict') && !isApiError(error, 'account_not_found'));
  const { status, requestId, details } = error;
  assert.deepEqual(
    { status, requestId, details },
    { status: 409, requestId: 'r-1', details: refusal.details },
  );
  assert.equal(service.seen.length, 1);
});

test('attempts end: with the last refusal, or by saying that no answer came', async () => {
  const { NewAPIClient, NoAnswer } = await import('@counterfoil/client');
  const busy = { success: false, message: 'busy', code: 'ledger_unavailable' };
  const service = await serving((response) => json(response, 503, busy, { 'retry-after': '0' }));
  const { url } = service;
  await assert.rejects(new NewAPIClient(url, { attempts: 3 }).getUser('u'), { code: 'ledger_unavailable' });
  assert.equal(service.seen.length, 3);
  service.close();
  await assert.rejects(new NewAPIClient('http://127.0.0.1:1', { attempts: 2 }).getUser('u'), NoAnswer);
});

test('a page that is somebody else’s is no answer', async (t) => {
  const { NewAPIClient, NoAnswer } = await import('@counterfoil/client');
  const service = await serving((response) => response.end('<html>welcome</html>'));
  t.after(service.close);
  await assert.rejects(new NewAPIClient(service.url).getUser('u'), NoAnswer);
});

test('who asked may stop asking, also between attempts', async (t) => {
  const { NewAPIClient } = await import('@counterfoil/client');
  const service = await serving((response) => json(response, 503, {}, { 'retry-after': '20' }));
  t.after(service.close);
  const stop = new AbortController();
  const asked = new NewAPIClient(service.url).getUser('u', { signal: stop.signal });
  setTimeout(() => stop.abort(new Error('enough')), 100);
  await assert.rejects(asked, /enough/);
  assert.equal(service.seen.length, 1);
});

test('the types compile in a front end’s files of either kind', () => {
  const files = ['test/fixtures/consumer.mts', 'test/fixtures/consumer.cts'];
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--lib', 'es2022,dom'];
  const tsc = require.resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '--ignoreConfig', ...options, ...files], {
    cwd: folder,
    stdio: 'pipe',
  });
});

test('nothing but openapi-fetch is needed, and nothing of Node', () => {
  for (const kind of ['esm', 'cjs']) {
    const files = readdirSync(`${folder}dist/${kind}`).filter((name) => name.endsWith('.js'));
    const text = files.map((name) => readFileSync(`${folder}dist/${kind}/${name}`, 'utf8')).join('\n');
    const asked = [...text.matchAll(/(?:from |require\()["']([^."'][^"']*)["']/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(asked)], ['openapi-fetch']);
    assert.doesNotMatch(text, /\b(process|Buffer|__dirname)\b/);
  }
});
