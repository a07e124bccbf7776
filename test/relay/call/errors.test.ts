import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatAccessKey } from '../../../src/domain/token/access-key.js';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { CacheUnavailable } from '../../../src/balance/cached-balance.js';
import {
  ACCOUNT,
  channel,
  chat,
  HELLO,
  KEY,
  price,
  startWorld,
  type World,
  type WorldOptions,
} from '../support/relay-world.js';
import { answerJson, completion, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

describe('errors to clients', () => {
  let upstream: TestUpstream;
  let world: World;
  const start = async (options: Partial<WorldOptions> = {}) => {
    await world?.close();
    world = await startWorld({ channels: [channel('one', upstream.url)], ...options });
    return world;
  };
  beforeEach(async () => {
    upstream = await startTestUpstream(
      answerJson(completion('hi', { prompt_tokens: 1, completion_tokens: 1 })),
    );
    await start();
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await upstream.close();
  });

  async function refused(body: unknown = HELLO, init: RequestInit = {}) {
    const response = await chat(world, body, init);
    const { error } = (await response.json()) as {
      error: { code: string; param: string; message: string; type: string };
    };
    expect(response.headers.get('x-request-id')).toMatch(/^req-/);
    expect(error).toMatchObject({ message: expect.any(String), type: expect.any(String) });
    return {
      status: response.status,
      code: error.code,
      param: error.param,
      error,
      headers: response.headers,
    };
  }
  const change = (limits: object, view: object = {}) => {
    const key = world.state.keys.get(`hash:${KEY}`);
    if (!key) throw new Error('no key');
    world.state.keys.set(`hash:${KEY}`, { ...key, ...view, limits: { ...key.limits, ...limits } });
  };

  it.each([
    ['no key', { authorization: '' }],
    ['an unknown key', { authorization: `Bearer ${formatAccessKey(new Uint8Array(32).fill(9))}` }],
    ['a mistyped key', { authorization: `Bearer ${KEY.slice(0, -1)}!` }],
    ['something else than a key', { authorization: 'Basic abc' }],
    ['a key longer than any', { authorization: `Bearer ${'k'.repeat(5_000)}` }],
  ])('401 invalid_api_key for %s', async (_what, headers) => {
    expect(await refused(HELLO, { headers })).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect(world.settlement.failures).toHaveLength(0);
  });

  it('a mistyped or made-up key costs no look-up', async () => {
    const before = world.state.keyReads;
    const mistyped = KEY.slice(0, 10) + (KEY[10] === 'A' ? 'B' : 'A') + KEY.slice(11);
    for (const key of [mistyped, 'sk-nobody', 'k'.repeat(5_000)])
      await refused(HELLO, { headers: { authorization: `Bearer ${key}` } });
    expect(world.state.keyReads).toBe(before);
  });

  it('a key as New API makes them is looked up, since one may have been carried over', async () => {
    const before = world.state.keyReads;
    const headers = { authorization: `Bearer sk-${'aZ09'.repeat(12)}` };
    expect(await refused(HELLO, { headers })).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect(world.state.keyReads).toBe(before + 1);
  });

  it('404 for a path that is nearly ours says where it is served, in the words of the dialect', async () => {
    const asked = async (path: string) => {
      const response = await fetch(`${world.url}${path}`, { method: 'POST', body: '{}' });
      return { status: response.status, body: await response.text() };
    };
    const openai = await asked('/v1/v1/chat/completions');
    expect(openai).toMatchObject({ status: 404, body: expect.stringContaining('"code":"not_found"') });
    expect(openai.body).toContain('It is served at /v1/chat/completions');
    const anthropic = await asked('/messages');
    expect(anthropic).toMatchObject({
      status: 404,
      body: expect.stringContaining('"type":"not_found_error"'),
    });
    expect(anthropic.body).toContain('It is served at /v1/messages');
    for (const path of ['/v1/models/m:generateContent', '/v1alpha/models/m:generateContent']) {
      const gemini = await asked(path);
      expect(gemini).toMatchObject({ status: 404, body: expect.stringContaining('"status":"NOT_FOUND"') });
      expect(gemini.body).toContain('It is served at /v1beta/models/m:generateContent');
    }
    expect(await asked('/upload/v1beta/files')).toMatchObject({
      status: 404,
      body: expect.stringContaining('"status":"NOT_FOUND"'),
    });
  });

  it('426 where WebSocket is asked for, so that the client goes on by HTTP; an offer of HTTP/2 is no matter', async () => {
    const asked = (path: string, upgrade: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        const headers = { authorization: `Bearer ${KEY}`, connection: 'Upgrade', upgrade };
        httpRequest(`${world.url}${path}`, { headers }, resolve).on('error', reject).end();
      });
    const refusal = await asked('/v1/responses', 'websocket');
    expect([refusal.statusCode, refusal.headers.upgrade]).toEqual([426, 'HTTP/1.1']);
    expect(await text(refusal)).toContain('send the request with POST');
    const listed = await asked('/v1/models', 'h2c');
    expect(listed.statusCode).toBe(200);
    listed.resume();
  });

  it('the key may come as x-api-key', async () => {
    expect((await chat(world, HELLO, { headers: { authorization: '', 'x-api-key': KEY } })).status).toBe(200);
  });

  it.each([
    [401, 'invalid_api_key', {}, { revoked: true }],
    [401, 'key_expired', { expires_at: 1_700_000_000 }, {}],
    [401, 'key_disabled', {}, { disabled: true }],
    [403, 'account_suspended', {}, { accountSuspended: true }],
    [401, 'invalid_api_key', {}, { accountErased: true }],
    [403, 'ip_not_allowed', { allow_ips: ['10.0.0.0/8', '2001:db8::1'] }, {}],
    [403, 'model_not_allowed', { models: ['other'] }, {}],
  ])('%i %s', async (status, code, limits, view) => {
    change(limits, view);
    const refusal = await refused();
    expect(refusal).toMatchObject({ status, code });
    // What a repetition cannot mend is not repeated: Claude Code would, seven times.
    expect(refusal.headers.get('x-should-retry')).toBe(status === 401 ? 'false' : null);
    expect(upstream.seen).toHaveLength(0);
  });

  it.each(['gpt\0test', 'gpt-test\n', '\u001b[31mred', 'gpt\u0085', 'half \ud800'])(
    'a model named %j is refused, and not recorded',
    async (model) => {
      await start({});
      expect(await refused({ ...HELLO, model })).toMatchObject({
        status: 400,
        code: 'invalid_request_error',
      });
      expect(world.settlement.failures).toEqual([]);
    },
  );

  it('nor one whose name stands in the address', async () => {
    await start({});
    const response = await fetch(`${world.url}/v1beta/models/gemini%00:generateContent`, {
      method: 'POST',
      headers: { 'x-goog-api-key': KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ contents: [{ parts: [{ text: 'hello' }] }] }),
    });
    expect(response.status).toBe(400);
    expect(world.settlement.failures).toEqual([]);
  });

  it('an address within the allowed range passes', async () => {
    change({ allow_ips: ['127.0.0.0/8'] });
    expect((await chat(world, HELLO)).status).toBe(200);
  });

  it('402 insufficient_quota says what was needed and what is there, and is not to be retried', async () => {
    await start({ balance: 20n });
    const { status, code, error, headers } = await refused();
    expect([status, code, headers.get('x-should-retry')]).toEqual([402, 'insufficient_quota', 'false']);
    expect(error).toMatchObject({ available: 20, needed: expect.any(Number) });
    expect(error.message).toMatch(/\d+ quota needed, 20 available/);
    expect(world.settlement.failures).toMatchObject([
      {
        stage: 'refused',
        status: 402,
        code: 'insufficient_quota',
        available_quota: 20n,
        account_id: ACCOUNT,
      },
    ]);
    expect(upstream.seen).toHaveLength(0);
  });

  it("402 when the key's own limit is short, whatever the balance", async () => {
    await start({ limits: { quota_limit: 5n } });
    expect((await refused()).error.message).toMatch('key');
  });

  it('404 model_not_found when no price list knows the model, 503 no_channel when nothing serves it', async () => {
    await start({ prices: [price('gpt-test'), price('gpt-lonely')] });
    expect(await refused({ ...HELLO, model: 'gpt-9' })).toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
    expect(await refused({ ...HELLO, model: 'gpt-lonely' })).toMatchObject({
      status: 503,
      code: 'no_channel',
      error: { message: 'No channel serves the model gpt-lonely at the moment.' },
    });
  });

  it("503 no_channel says so where channels that serve the model to the key's group are disabled", async () => {
    const off = (id: string, groups: string[]) => ({
      ...channel(id, upstream.url, { models: [`gpt-${id}*`], groups }),
      enabled: false,
    });
    await start({
      prices: [price('gpt-own'), price('gpt-other')],
      channels: [off('own', ['default']), off('other', ['vip'])],
    });
    const said = async (model: string) => (await refused({ ...HELLO, model })).error.message;
    expect(await said('gpt-own')).toBe(
      'No channel serves the model gpt-own at the moment: those that would are disabled.',
    );
    expect(await said('gpt-other')).toBe('No channel serves the model gpt-other at the moment.');
  });

  it.each([
    ['bad JSON', '{"model":', null],
    ['a truncated body', '{"model":"gpt-test","messages":[', null],
    ['no object', '[1]', null],
    ['no model', { messages: HELLO.messages }, 'model'],
    ['a model that is no text', { ...HELLO, model: 7 }, 'model'],
    ['no messages', { model: 'gpt-test' }, 'messages'],
    ['empty messages', { model: 'gpt-test', messages: [] }, 'messages'],
    ['messages that are no objects', { model: 'gpt-test', messages: ['hi'] }, 'messages'],
    ['a limit below one', { ...HELLO, max_tokens: 0 }, 'max_tokens'],
    ['a limit beyond all', { ...HELLO, max_tokens: 1e30 }, 'max_tokens'],
    ['too many choices', { ...HELLO, n: 1000 }, 'n'],
    ['stream that is no boolean', { ...HELLO, stream: 'yes' }, 'stream'],
    [
      'one name twice',
      '{"model":"a","model":"gpt-test","messages":[{"role":"user","content":"x"}]}',
      'model',
    ],
    [
      'one name in two spellings',
      '{"Model":"a","model":"gpt-test","messages":[{"role":"user","content":"x"}]}',
      'model',
    ],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), null],
    [
      'endless nesting',
      `{"model":"gpt-test","messages":[{"content":${'['.repeat(50_000)}${']'.repeat(50_000)}}]}`,
      null,
    ],
  ])('400 for %s', async (_what, body, param) => {
    expect(await refused(body)).toMatchObject({ status: 400, code: 'invalid_request_error', param });
    expect(upstream.seen).toHaveLength(0);
    expect(world.settlement.failures).toHaveLength(0);
  });

  it('413 for a body over the limit, announced or not', async () => {
    await start({ settings: { maxRequestBytes: 1_000 } });
    const big = { ...HELLO, messages: [{ role: 'user', content: 'x'.repeat(300_000) }] };
    expect(await refused(big)).toMatchObject({ status: 413, code: 'request_too_large' });
    expect(await chunked(world.url, JSON.stringify(big))).toBe(413);
    expect((await chat(world, HELLO)).status).toBe(200);
  });

  it('408 for a body that does not come', async () => {
    await start({ settings: { bodyTimeoutMs: 50 } });
    expect(await chunked(world.url, '{"model":', false)).toBe(408);
  });

  it('429 with Retry-After for a key that is too fast', async () => {
    await start({
      settings: { defaults: { hold_policy: 'clamp', limits: { key: { requests_per_minute: 2 } } } },
    });
    await chat(world, HELLO);
    await chat(world, HELLO);
    const { status, code, headers } = await refused();
    expect([status, code]).toEqual([429, 'rate_limit_exceeded']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('x-ratelimit-limit-requests')).toBe('2');
  });

  it('503 ledger_unavailable while the store is away, the cache is away, recovering, or cannot be loaded', async () => {
    world.settlement.accepting = false;
    expect(await refused()).toMatchObject({ status: 503, code: 'ledger_unavailable' });
    const away = async () => {
      throw new CacheUnavailable('away');
    };
    const none = { release: async () => undefined, checkGuards: async () => undefined };
    const cases: WorldOptions['dependencies'][] = [
      { balance: { ...none, hold: away } },
      { balance: { ...none, hold: async () => ({ outcome: 'recovering', retryAfterMs: 4_000 }) } },
      { loadBudgets: away },
      {
        readModels: {
          accessKey: away,
          catalogue: async () => world.state.catalogue,
          settings: async () => [],
        },
      },
    ];
    for (const dependencies of cases) {
      await start({ dependencies: dependencies ?? {} });
      const { status, code, headers } = await refused();
      expect([status, code]).toEqual([503, 'ledger_unavailable']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });

  it('503 when the node has all the calls it can carry', async () => {
    await start({ settings: { maxCallsInFlight: 0 } });
    expect(await refused()).toMatchObject({ status: 503, code: 'overloaded' });
  });

  it('404 for anything else below /v1', async () => {
    const response = await fetch(`${world.url}/v1/nothing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
  });
});

/** A body without a content-length; `whole` false: it never ends. Answers the status. */
function chunked(url: string, text: string, whole = true): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
    });
    request.on('response', (response) => {
      response.resume();
      response.on('end', () => {
        resolve(response.statusCode);
        request.destroy();
      });
    });
    request.on('error', reject);
    request.write(text);
    if (whole) request.end();
  });
}
