import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventsOfType, expectBooksInOrder } from '../acceptance/support/books.js';
import { type Customer, createCustomer, succeed } from '../acceptance/support/clients.js';
import { Deployment, type Service } from '../acceptance/support/deployment.js';
import { signInAdmin } from '../acceptance/support/operator.js';
import { bodies } from '../relay/charges/odd-requests/bodies.js';
import { forms } from '../relay/charges/odd-requests/forms.js';
import { spellings } from '../relay/charges/odd-requests/spellings.js';
import { answerTo } from '../relay/charges/odd-requests/try-out.js';
import { startTestUpstream, type TestUpstream } from '../relay/support/test-upstream.js';
import { eventually } from '../support/eventually.js';

const UNSEEN = 50_000;
const WINDOW = 30_000;
const patience = { timeoutMs: 30_000, intervalMs: 50 };
const prices = ['m', 'secret', 'small'].map((model) => ({
  model,
  model_ratio: 1,
  completion_ratio: 1,
  max_output_tokens: 1_000,
  per_search_usd: 0.01,
  ...(model === 'small' && { context_window: WINDOW }),
}));

let upstream: TestUpstream;
let deployment: Deployment;
let service: Service;
let customer: Customer;
/** Of a key of the customer that may ask for `m` and `small` alone. */
let accessKey: string;
beforeAll(async () => {
  upstream = await startTestUpstream((answer, { url, raw }) => {
    if (raw.includes('never answered')) return;
    answer.writeHead(200, { 'content-type': 'application/json' });
    answer.end(answerTo(url));
  });
  const channels = ['openai', 'anthropic', 'gemini'].map((type) => ({
    name: type,
    type,
    base_url: upstream.url,
    api_key: 'upstream-key',
    models: prices.map(({ model }) => model),
    allowed_members: [],
  }));
  deployment = await Deployment.open({ cache: 'in-process', more: { prices, channels } });
  service = await deployment.start('all', {
    UNSEEN_PROMPT_TOKENS: String(UNSEEN),
    KEY_ABORTS_PER_MINUTE: '3',
  });
  customer = await createCustomer(service.url, 20);
  accessKey = await newKey();
}, 180_000);
afterAll(async () => {
  await deployment?.close();
  await upstream?.close();
});

const newKey = async (): Promise<string> => {
  const asked = { external_user_id: customer.id, token_name: 'narrow', models: ['m', 'small'] };
  return (await succeed(service.url, 'POST', '/token', asked)).access_key as string;
};
const ask = async (path: string, body: string | Buffer, more: RequestInit = {}, key = accessKey) => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(service.url + path, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    ...more,
    headers: { ...headers, ...(more.headers as object) },
  });
  return { status: response.status, text: await response.text() };
};
const charges = () => eventsOfType(deployment.store, 'consumption-recorded');

const turns = [{ role: 'user', content: 'hi' }];
const reading = { parts: [{ fileData: { fileUri: 'https://example.com/a.pdf' } }, { text: 'hi' }] };
const file = { type: 'input_file', file_url: 'https://example.com/a.pdf' };
/** Calls whose prompt cannot be seen whole, and what is seen of them at most. */
const unseen: readonly (readonly [
  what: string,
  path: (model: string) => string,
  body: object,
  seen: number,
])[] = [
  ['a search', () => '/v1/responses', { input: 'hi', tools: [{ type: 'web_search' }] }, 60_000],
  ['a file at an address', () => '/v1/responses', { input: [{ role: 'user', content: [file] }] }, 500],
  [
    'tools of another server',
    () => '/v1/responses',
    { input: 'hi', tools: [{ type: 'mcp', server_label: 'x' }] },
    500,
  ],
  [
    'a page',
    () => '/v1/messages',
    { messages: turns, tools: [{ type: 'web_fetch_20260318', name: 'f' }] },
    3_000,
  ],
  ['tools of another server', () => '/v1/messages', { messages: turns, mcp_servers: [{ name: 'x' }] }, 500],
  [
    'a summary',
    () => '/v1/messages',
    { messages: turns, context_management: { edits: [{ type: 'compact_20260112' }] } },
    500,
  ],
  ['a page', (model) => `/v1beta/models/${model}:generateContent`, { contents: [reading] }, 20_000],
  [
    'an address in a text',
    (model) => `/v1beta/models/${model}:generateContent`,
    { contents: [{ parts: [{ text: 'hi' }] }], tools: [{ urlContext: {} }] },
    6_000,
  ],
];

describe('a service', () => {
  it.each(unseen)('holds what it is told to for %s that upstream reads', async (_what, path, body, seen) => {
    for (const [model, least, most] of [
      ['m', UNSEEN, UNSEEN + seen],
      // No more than the model can read.
      ['small', Math.min(UNSEEN, WINDOW), WINDOW + (seen > WINDOW ? seen : 0)],
    ] as const) {
      const members = { max_tokens: 100, max_output_tokens: 100, ...body };
      const own = path(model).startsWith('/v1beta') ? body : { model, ...members };
      const answer = await ask(path(model), JSON.stringify(own));
      expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
      const held = Number((await charges()).at(-1)?.hold_quota);
      expect(held).toBeGreaterThanOrEqual(least);
      expect(held).toBeLessThanOrEqual(most + 1_000);
    }
  });

  it('refuses each odd request by name, or charges it once', async () => {
    const odd = [...spellings, ...bodies, ...forms].filter(({ price }) => price === undefined);
    expect(odd.length).toBeGreaterThan(120);
    const before = (await charges()).length;
    const failed: unknown[] = [];
    for (const { what, path, body, headers = {}, status, names = '' } of odd) {
      const answer = await ask(path, body, { headers });
      if (answer.status !== status || !answer.text.includes(names)) failed.push([what, status, answer]);
    }
    expect(failed).toEqual([]);
    const passed = odd.filter(({ status }) => status === 200);
    const recorded = (await charges()).slice(before);
    expect(recorded.map(({ ended, usage: { prompt_tokens: prompt } }) => [ended, prompt])).toEqual(
      passed.map(() => ['complete', 10]),
    );
  });

  it('counts who hangs up by account and key, charges the prompt, and refuses after as many as are allowed', async () => {
    const key = await newKey();
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'never answered' }] });
    const before = (await charges()).length;
    for (const count of [1, 2, 3]) {
      const abort = new AbortController();
      const seen = upstream.seen.length;
      const call = ask('/v1/chat/completions', body, { signal: abort.signal }, key).catch(() => undefined);
      await eventually(() => upstream.seen.length === seen + 1, patience);
      abort.abort();
      await call;
      await eventually(async () => (await charges()).length === before + count, patience);
    }
    const recorded = (await charges()).slice(before);
    for (const { ended, quota, usage } of recorded) {
      expect([ended, usage.completion_tokens]).toEqual(['client-closed', 0]);
      expect(quota).toBe(BigInt(usage.prompt_tokens));
      expect(quota).toBeGreaterThan(0n);
    }
    expect((await ask('/v1/chat/completions', body, {}, key)).status).toBe(429);
    const admin = await signInAdmin(deployment, service.url);
    const { hang_ups: rows } = await admin('GET', `/keys/hang-ups?external_user_id=${customer.id}`);
    expect(rows).toMatchObject([{ external_user_id: customer.id, hung_up: 3, requests: 3 }]);
  });

  it('has its books in order after all of it', async () => {
    await expectBooksInOrder({ store: deployment.store, database: deployment.database, redisUrl: undefined });
    const all = await charges();
    const { used_quota: used } = await succeed(service.url, 'GET', `/${customer.id}`);
    expect(used).toBe(Number(all.reduce((sum, { quota }) => sum + quota, 0n)));
  });
});
