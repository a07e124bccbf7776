import { request } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { LedgerUnavailable } from '../../src/commands/handling/command.js';
import { done, fakeReadModels, recordingCommands, refusedWith, someAccount } from './support/fakes.js';
import { type HttpServer, type HttpServerParts, startHttpServer } from './support/http-server.js';

// What every request meets before a command does: ids, headers, keys, limits, bodies, errors.

let server: HttpServer;
afterEach(() => server.close());

const sync = { external_user_id: 'u1', username: 'testuser' };
const synced = recordingCommands(() => done({ accountId: someAccount.accountId, userId: 1, isNew: true }));

async function start(parts: HttpServerParts = {}) {
  server = await startHttpServer({ commands: synced.commands, readModels: fakeReadModels(), ...parts });
  return server;
}

describe('X-Request-Id', () => {
  it('is echoed when the caller sent a sane one, and named in failures', async () => {
    const { call } = await start();
    const headers = { 'X-Request-Id': 'front-end:42' };
    expect((await call('POST', '/sync', sync, headers)).headers.get('x-request-id')).toBe('front-end:42');
    const failure = await call('GET', '/nobody', undefined, headers);
    expect(failure.body).toEqual({
      success: false,
      message: '用户不存在',
      code: 'account_not_found',
      request_id: 'front-end:42',
    });
  });

  it.each([
    ['long', 'x'.repeat(129)],
    ['with spaces', 'a b'],
  ])('is made anew when it is %s', async (_, sent) => {
    const { call } = await start();
    const id = (await call('GET', '/nobody', undefined, { 'X-Request-Id': sent })).headers.get(
      'x-request-id',
    );
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('reaches the command, with the actor', async () => {
    const { commands, calls } = recordingCommands(() => done({ userId: 1, isNew: false }));
    const { call } = await start({ commands });
    await call('POST', '/sync', sync, { 'X-Request-Id': 'r1', 'Idempotency-Key': 'k 1' });
    expect(calls[0]?.meta).toEqual({
      actor: 'open',
      requestId: 'r1',
      idempotencyKey: 'k 1',
      receivedAt: expect.any(Date),
    });
  });
});

describe('routes', () => {
  it.each([
    ['GET', '/nothing', 404, 'route_not_found', null],
    ['POST', '/', 405, 'method_not_allowed', 'GET, HEAD'],
    ['POST', '/API/user/external/topup', 404, 'route_not_found', null],
    ['POST', '/api/user/external/Topup', 405, 'method_not_allowed', 'GET, HEAD'],
    ['POST', '/api/user/external/topup/', 404, 'route_not_found', null],
    ['GET', '/api/user/external/u1/LOGS', 404, 'route_not_found', null],
    ['GET', '/API/status', 404, 'route_not_found', null],
    ['GET', '/docs/', 404, 'route_not_found', null],
    ['GET', '/Docs', 404, 'route_not_found', null],
    ['GET', '/V1/models', 404, 'route_not_found', null],
    ['GET', '/healthz/', 404, 'route_not_found', null],
    ['GET', '/METRICS', 404, 'route_not_found', null],
    ['GET', '/api/user/external/u1/nothing', 404, 'route_not_found', null],
    ['GET', '/v1/models', 404, 'route_not_found', null],
    ['PUT', '/api/user/external/sync', 405, 'method_not_allowed', 'GET, HEAD, POST'],
    ['GET', '/api/user/external/sync', 404, 'account_not_found', null],
    ['POST', '/api/user/external/models', 405, 'method_not_allowed', 'GET, HEAD'],
    ['DELETE', '/api/user/external/u1/logs', 405, 'method_not_allowed', 'GET, HEAD'],
    ['POST', '/openapi.json', 405, 'method_not_allowed', 'GET, HEAD'],
    ['GET', '/api/user/external/%zz', 400, 'invalid_request', null],
    ['GET', '/api/user/external/%ff%fe', 400, 'invalid_request', null],
    ['GET', '/api/user/external/%00', 400, 'invalid_request', null],
    ['GET', `/api/user/external/${'x'.repeat(101)}`, 400, 'invalid_request', null],
    ['GET', "/api/user/external/'%20OR%201=1;--", 404, 'account_not_found', null],
    ['GET', '/api/user/external/..%2f..%2fetc%2fpasswd', 404, 'account_not_found', null],
    ['GET', '/api/user/external/%E7%94%A8%E6%88%B7', 404, 'account_not_found', null],
  ])('%s %s is %d %s', async (method, path, status, code, allow) => {
    const { raw } = await start();
    const reply = await raw(path, { method });
    expect([reply.status, reply.body.code, reply.headers.get('allow')]).toEqual([status, code, allow]);
    expect(reply.body).toMatchObject({ success: false, request_id: reply.headers.get('x-request-id') });
    expect(reply.body.message).toMatch(/\p{Script=Han}/u);
  });

  it('leads from / to the Portal', async () => {
    const { raw } = await start();
    // Some clients ask for the head of it, to see whether anybody is there.
    for (const method of ['GET', 'HEAD']) {
      const reply = await raw('/', { method, redirect: 'manual' });
      expect([reply.status, reply.headers.get('location')]).toEqual([302, '/portal']);
    }
  });

  it('hands /v1 and the probes to their handlers before Koa', async () => {
    const seen: string[] = [];
    const handler =
      (name: string) => (request: { url?: string | undefined }, response: { end(text: string): void }) => {
        seen.push(`${name} ${request.url}`);
        response.end(name);
      };
    const raw = {
      relay: { takes: (path: string) => path === '/chat/completions', handle: handler('relay') },
      healthz: handler('healthz'),
      readyz: handler('readyz'),
      metrics: handler('metrics'),
    };
    const { raw: get } = await start({ raw });
    const near = '/chat/completions?x=1';
    for (const path of ['/v1/chat/completions', '/v1/models?x=1', near, '/healthz', '/readyz?v', '/metrics'])
      await get(path);
    expect(seen).toEqual([
      'relay /v1/chat/completions',
      'relay /v1/models?x=1',
      'relay /chat/completions?x=1',
      'healthz /healthz',
      'readyz /readyz?v',
      'metrics /metrics',
    ]);
  });

  it('sets headers that forbid sniffing, framing, scripts and caches', async () => {
    const { call } = await start();
    const { headers } = await call('GET', '/u1');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});

describe('language', () => {
  it.each([
    [undefined, '用户不存在'],
    ['zh-CN', '用户不存在'],
    ['fr', '用户不存在'],
    ['en', 'User does not exist'],
    ['en-US,en;q=0.9', 'User does not exist'],
    ['zh;q=0.8,en', 'User does not exist'],
  ])('Accept-Language %s', async (accept, message) => {
    const { call } = await start();
    const reply = await call(
      'GET',
      '/nobody',
      undefined,
      accept ? { 'Accept-Language': accept } : { 'Accept-Language': '*' },
    );
    expect([reply.body.message, reply.body.code]).toEqual([message, 'account_not_found']);
  });

  it('gives success and field messages in English too', async () => {
    const { call } = await start();
    const english = { 'Accept-Language': 'en' };
    expect((await call('POST', '/sync', sync, english)).body.message).toBe('User created');
    expect((await call('POST', '/sync', {}, english)).body.errors[0]).toEqual({
      field: 'external_user_id',
      rule: 'required',
      message: 'is required',
    });
  });
});

describe('service keys', () => {
  const keys = {
    find: async (key: string) =>
      key === 'good'
        ? { id: 'k1', scopes: ['users', 'topups', 'tokens', 'read'] as const }
        : key === 'reader'
          ? { id: 'k2', scopes: ['read'] as const }
          : undefined,
  };
  const auth = { mode: 'key' as const, keys };

  it.each([
    [{}, 401, 'unauthorized'],
    [{ Authorization: 'Bearer wrong' }, 401, 'unauthorized'],
    [{ Authorization: 'Basic good' }, 401, 'unauthorized'],
    [{ 'x-api-key': 'x'.repeat(2000) }, 401, 'unauthorized'],
    [{ 'x-api-key': 'reader' }, 403, 'forbidden'],
    [{ Authorization: 'Bearer good' }, 200, undefined],
    [{ 'x-api-key': 'good' }, 200, undefined],
    [{ Authorization: 'good' }, 200, undefined],
    [{ Authorization: 'Bearer' }, 401, 'unauthorized'],
    [{ Authorization: 'of-a-proxy', 'x-api-key': 'good' }, 200, undefined],
    [{ Authorization: 'Bearer wrong', 'x-api-key': 'good' }, 401, 'unauthorized'],
    [{ Authorization: 'Bearer good', 'x-api-key': 'wrong' }, 200, undefined],
  ])('%j may sync: %d', async (headers, status, code) => {
    const { commands, calls } = recordingCommands(() => done({ userId: 1, isNew: true }));
    const { call } = await start({ auth, commands });
    const reply = await call('POST', '/sync', sync, headers);
    expect([reply.status, reply.body.code, calls.length]).toEqual([status, code, status === 200 ? 1 : 0]);
    if (status === 200) expect(calls[0]?.meta.actor).toBe('service-key:k1');
    if (status === 401) expect(reply.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each([
    ['POST', '/sync', 'users'],
    ['POST', '/topup', 'topups'],
    ['POST', '/topup/refund', 'topups'],
    ['POST', '/token', 'tokens'],
    ['PATCH', '/token', 'tokens'],
    ['DELETE', '/token', 'tokens'],
    ['POST', '/token/reset', 'tokens'],
    ['GET', '/models', 'read'],
    ['GET', '/payments', 'read'],
    ['GET', '/topup/p1', 'read'],
    ['GET', '/users', 'read'],
    ['GET', '/u1', 'read'],
    ['GET', '/u1/stats', 'read'],
    ['GET', '/u1/logs', 'read'],
  ])('%s %s needs the scope %s', async (method, path, scope) => {
    const scopes = (['users', 'topups', 'tokens', 'read'] as const).filter((each) => each !== scope);
    const { call } = await start({
      auth: { mode: 'key', keys: { find: async () => ({ id: 'k', scopes }) } },
    });
    const reply = await call(method, path, undefined, { 'x-api-key': 'k' });
    expect([reply.status, reply.body.code, reply.body.details]).toEqual([403, 'forbidden', { scope }]);
  });

  it('are checked before the shape of the request', async () => {
    const { call } = await start({ auth });
    expect((await call('POST', '/sync', '{broken')).status).toBe(401);
    expect((await call('GET', '/nobody/logs?page=x')).status).toBe(401);
  });

  it('that cannot be looked up are a 503, not a refusal', async () => {
    const find = () => Promise.reject(Object.assign(new Error('connect 10.0.0.3'), { code: 'ECONNREFUSED' }));
    const { call } = await start({ auth: { mode: 'key', keys: { find } } });
    const reply = await call('GET', '/u1', undefined, { 'x-api-key': 'k' });
    expect([reply.status, reply.body.code]).toEqual([503, 'ledger_unavailable']);
    expect(reply.text).not.toContain('10.0.0.3');
  });
});

describe('open mode on loopback', () => {
  const ask = (headers: Record<string, string>) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const { port } = new URL(server.url);
      const sent = request({
        port,
        host: '127.0.0.1',
        path: '/api/user/external/sync',
        method: 'POST',
        headers,
      });
      sent.on('error', reject).on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      });
      sent.end(JSON.stringify(sync));
    });
  const json = { 'Content-Type': 'application/json' };

  it.each([
    ['Host', 'localhost:3000'],
    ['Host', '127.0.0.1'],
    ['Host', '[::1]:3000'],
    ['Origin', 'http://localhost:5173'],
    ['Origin', 'http://127.0.0.1'],
  ])('answers %s: %s', async (name, value) => {
    await start({ auth: { mode: 'open', loopbackOnly: true } });
    expect((await ask({ ...json, [name]: value })).status).toBe(200);
  });

  it.each([
    ['Host', 'attacker.example:3000'],
    ['Host', 'localhost.attacker.example'],
    ['Host', '192.168.1.7:3000'],
    ['Host', 'user@127.0.0.1@attacker.example'],
    ['Origin', 'http://attacker.example'],
    ['Origin', 'null'],
  ])('refuses %s: %s, and nothing is done', async (name, value) => {
    const { commands, calls } = recordingCommands(() => done({ userId: 1, isNew: true }));
    await start({ commands, auth: { mode: 'open', loopbackOnly: true } });
    const { status, text } = await ask({ ...json, [name]: value });
    expect([status, JSON.parse(text).code, calls]).toEqual([403, 'loopback_only', []]);
  });

  it('where it was stated twice for a network, names of that network are answered', async () => {
    await start({ auth: { mode: 'open', loopbackOnly: false } });
    expect((await ask({ ...json, Host: 'counterfoil.internal' })).status).toBe(200);
  });
});

describe('rate limit', () => {
  it('is per service key, with a body and Retry-After', async () => {
    const find = async (key: string) => ({ id: key, scopes: ['read'] as const });
    const { call } = await start({
      auth: { mode: 'key', keys: { find } },
      settings: { rateLimit: { perSecond: 0.5, burst: 2 } },
    });
    const as = async (key: string) => call('GET', '/u1', undefined, { 'x-api-key': key });
    expect([(await as('a')).status, (await as('a')).status]).toEqual([200, 200]);
    const refused = await as('a');
    expect([refused.status, refused.body.code, refused.body.message]).toEqual([
      429,
      'rate_limit_exceeded',
      '请求过于频繁，请稍后重试',
    ]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await as('b')).status).toBe(200);
  });
});

describe('bodies', () => {
  const bytes = (...values: number[]) => new Uint8Array(values);
  it.each<[string, string | Uint8Array, Record<string, string>, number, string]>([
    ['broken JSON', '{"a":', {}, 400, 'invalid_json'],
    ['an empty body', '', {}, 400, 'invalid_json'],
    ['an array', '[]', {}, 400, 'invalid_json'],
    ['null', 'null', {}, 400, 'invalid_json'],
    ['a number', '1', {}, 400, 'invalid_json'],
    ['text', '"x"', {}, 400, 'invalid_json'],
    ['invalid UTF-8', bytes(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d), {}, 400, 'invalid_json'],
    ['a million open brackets', '['.repeat(1_000_000), {}, 400, 'invalid_json'],
    ['a form', 'a=1', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
    ['plain text', '{}', { 'Content-Type': 'text/plain' }, 415, 'unsupported_media_type'],
    [
      'another charset',
      '{}',
      { 'Content-Type': 'application/json; charset=gbk' },
      415,
      'unsupported_media_type',
    ],
    ['an unknown coding', '{}', { 'Content-Encoding': 'compress' }, 415, 'unsupported_media_type'],
    [
      'a body that is not as encoded as it says',
      '{}',
      { 'Content-Encoding': 'gzip' },
      400,
      'invalid_request',
    ],
    [
      'little that becomes much',
      gzipSync(Buffer.alloc(30_000_000, ' ')),
      { 'Content-Encoding': 'gzip' },
      413,
      'request_too_large',
    ],
    ['10 MB', JSON.stringify({ ...sync, x: 'x'.repeat(10_000_000) }), {}, 413, 'request_too_large'],
    [
      'a long Idempotency-Key',
      JSON.stringify(sync),
      { 'Idempotency-Key': 'x'.repeat(201) },
      400,
      'invalid_request',
    ],
  ])('%s: the documented error, and nothing reaches the ledger', async (_, body, headers, status, code) => {
    const { commands, calls } = recordingCommands(() => done({ userId: 1, isNew: true }));
    const { call } = await start({ commands });
    const reply = await call('POST', '/sync', body, headers);
    expect([reply.status, reply.body.code, calls]).toEqual([status, code, []]);
    expect(reply.body.message).toMatch(/^请求参数错误: /);
    expect(reply.body.errors).toHaveLength(1);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('in %s are decoded', async (coding, encode) => {
    const { call } = await start();
    const reply = await call('POST', '/sync', encode(JSON.stringify(sync)), { 'Content-Encoding': coding });
    expect(reply.status).toBe(200);
  });

  it('with a charset, a byte order mark or unknown members are read', async () => {
    const { call } = await start();
    const body = `\ufeff${JSON.stringify({ ...sync, unknown: { deep: [1] }, __proto__x: 1 })}`;
    expect(
      (await call('POST', '/sync', body, { 'Content-Type': 'application/json; charset=UTF-8' })).status,
    ).toBe(200);
  });

  it('that never come to an end are cut off', async () => {
    await start({ settings: { bodyTimeoutMs: 50 } });
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      'POST /api/user/external/sync HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a"',
    );
    await new Promise((resolve) => socket.once('close', resolve).once('error', resolve).resume());
    expect(socket.destroyed || socket.readableEnded).toBe(true);
  });
});

describe('errors nobody foresaw', () => {
  it('are a 500 with a stable code, without a word of what happened; the log has it', async () => {
    const { commands } = recordingCommands(() => {
      throw new Error('select * from secrets on db.internal');
    });
    const { call, logged } = await start({ commands });
    const reply = await call('POST', '/sync', sync, { 'X-Request-Id': 'r500' });
    expect([reply.status, reply.body]).toEqual([
      500,
      { success: false, message: '服务器内部错误', code: 'internal_error', request_id: 'r500' },
    ]);
    const line = logged.find(({ message }) => message === 'unexpected error');
    expect(line?.fields.request_id).toBe('r500');
    expect(String(line?.fields.err)).toContain('secrets');
  });

  it('of an unreachable ledger are a 503 that may be retried', async () => {
    const { commands } = recordingCommands(() => {
      throw new LedgerUnavailable('away');
    });
    const { call } = await start({ commands });
    const reply = await call('POST', '/sync', sync);
    expect([reply.status, reply.body.code, reply.headers.get('retry-after')]).toEqual([
      503,
      'ledger_unavailable',
      '1',
    ]);
  });
});

describe('refusals carry their facts', () => {
  it.each([
    [
      { code: 'payment_conflict', field: 'amount_usd' },
      409,
      '支付单号已被使用，且内容不一致',
      { field: 'amount_usd' },
    ],
    [
      { code: 'refund_exceeds_payment', remainingUsd: '60' },
      409,
      '退款金额超过可退金额',
      { remaining_usd: 60 },
    ],
    [
      { code: 'balance_ceiling', max: 9007199254740991n },
      409,
      '充值后余额将超过上限',
      { max: 9007199254740991 },
    ],
    [{ code: 'username_taken' }, 409, '用户名已存在，请使用其他用户名', undefined],
    [{ code: 'email_taken' }, 409, '邮箱已被使用，请使用其他邮箱', undefined],
    [{ code: 'aff_code_taken' }, 409, '推荐码已被使用，请使用其他推荐码', undefined],
  ] as const)('%j', async (refusal, status, message, details) => {
    const { commands } = recordingCommands(() => refusedWith(refusal));
    const { call } = await start({ commands });
    const reply = await call('POST', '/sync', sync);
    expect([reply.status, reply.body.code, reply.body.message, reply.body.details]).toEqual([
      status,
      refusal.code,
      message,
      details,
    ]);
  });
});

describe('the access log', () => {
  it('names the route and the key, never the path with its ids', async () => {
    const { call, logged } = await start();
    await call('GET', '/u1/logs?username=testuser');
    const line = logged.find(({ message }) => message === 'request');
    expect(line?.fields).toMatchObject({
      route: '/api/user/external/{external_user_id}/logs',
      status: 200,
      actor: 'open',
      method: 'GET',
    });
    expect(JSON.stringify(line)).not.toContain('testuser');
  });
});
