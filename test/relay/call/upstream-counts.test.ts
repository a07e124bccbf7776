import { holdRequest } from '../../http/support/held-request.js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { answerMessage } from '../support/anthropic-shapes.js';
import { channel, KEY, price, startWorld, type World, type WorldOptions } from '../support/relay-world.js';
import {
  answerJson,
  type Behaviour,
  startTestUpstream,
  type TestUpstream,
} from '../support/test-upstream.js';
import { eventually } from '../../support/eventually.js';
import type { ParsedJson } from '../../support/parsed-json.js';

const PROMPT = { model: 'claude', messages: [{ role: 'user', content: 'Hello, how are you today?' }] };
const counted = (tokens: unknown) => answerJson(JSON.stringify({ input_tokens: tokens, more: true }));

let world: World;
let upstream: TestUpstream;
afterEach(async () => {
  await world.close();
  await upstream.close();
});

async function start(
  behaviour: Behaviour,
  more: Partial<Parameters<typeof channel>[2]> = {},
  options: Partial<WorldOptions> = {},
) {
  upstream = await startTestUpstream(behaviour);
  world = await startWorld({
    channels: [
      channel('claude', upstream.url, {
        type: 'anthropic',
        models: ['claude', 'renamed'],
        model_mapping: { renamed: 'claude-upstream' },
        ...more,
      }),
      channel('google', upstream.url.replace(/v1$/, 'v1beta'), {
        type: 'gemini',
        models: ['gemini'],
        model_mapping: { 'gemini-renamed': 'gemini-upstream' },
      }),
    ],
    prices: ['claude', 'renamed', 'gemini', 'gemini-renamed', 'unserved'].map((model) => price(model)),
    balance: 0n,
    ...options,
  });
}

async function post(path: string, body: object, init: RequestInit = {}) {
  const response = await fetch(world.url + path, {
    method: 'POST',
    body: JSON.stringify(body),
    ...init,
    headers: { 'x-api-key': KEY, 'anthropic-beta': 'pdfs-2024-09-25' },
  });
  const answer = (await response.json()) as ParsedJson;
  return { status: response.status, by: response.headers.get('x-counterfoil-count'), answer };
}
const count = (more: object = {}, init?: RequestInit) =>
  post('/v1/messages/count_tokens', { ...PROMPT, ...more }, init);

describe('the length of a prompt', () => {
  it('is what an upstream of the dialect says, asked with its own key and name of the model', async () => {
    await start(counted(17));
    expect(await count()).toEqual({ status: 200, by: 'upstream', answer: { input_tokens: 17, more: true } });
    expect(await count({ model: 'renamed', system: 'short' })).toMatchObject({ by: 'upstream' });
    expect(upstream.seen[0]).toMatchObject({
      url: '/v1/messages/count_tokens',
      body: PROMPT,
      headers: {
        'x-api-key': 'upstream-key-claude',
        'anthropic-version': '2023-06-01',
        'anthropic-beta': 'pdfs-2024-09-25',
      },
    });
    expect(upstream.seen[1]?.body).toEqual({ ...PROMPT, model: 'claude-upstream', system: 'short' });
    expect(world.settlement.charges).toHaveLength(0);
    expect(await world.held()).toBe(0n);
  });

  it('is counted here where upstream would have to look at what another account may have left there', async () => {
    await start(counted(17));
    const source = { type: 'file', file_id: 'file-of-another' };
    const messages = [{ role: 'user', content: [{ type: 'document', source }] }];
    expect(await count({ messages })).toMatchObject({ status: 200, by: null });
    expect(upstream.seen).toHaveLength(0);
  });

  it('is asked of Gemini’s upstream, whole requests too, under the name the model has there', async () => {
    await start(answerJson('{"totalTokens":9,"promptTokensDetails":[]}'));
    const contents = [{ parts: [{ text: 'hello' }] }];
    const path = (model: string) => `/v1beta/models/${model}:countTokens?key=${KEY}`;
    expect(await post(path('gemini'), { contents })).toEqual({
      status: 200,
      by: 'upstream',
      answer: { totalTokens: 9, promptTokensDetails: [] },
    });
    const whole = { generateContentRequest: { model: 'models/gemini-renamed', contents } };
    expect(await post(path('gemini-renamed'), whole)).toMatchObject({ by: 'upstream' });
    expect(upstream.seen.map(({ url }) => url)).toEqual([
      '/v1beta/models/gemini:countTokens',
      '/v1beta/models/gemini-upstream:countTokens',
    ]);
    expect(upstream.seen[1]?.body).toEqual({
      generateContentRequest: { model: 'models/gemini-upstream', contents },
    });
    const other = { generateContentRequest: { model: 'models/unserved', contents } };
    expect((await post(path('gemini'), other)).status).toBe(400);
    const cached = { generateContentRequest: { contents, cachedContent: 'cachedContents/1' } };
    expect(await post(path('gemini'), cached)).toMatchObject({ status: 200, by: null });
    const filed = { contents: [{ parts: [{ fileData: { fileUri: 'files/of-another' } }] }] };
    expect(await post(path('gemini'), filed)).toMatchObject({ status: 200, by: null });
    expect(upstream.seen).toHaveLength(2);
  });

  it.each<[string, Behaviour]>([
    ['fails', answerMessage({ type: 'error', error: { type: 'api_error', message: 'no' } }, 500)],
    ['does not count', answerJson('not found', 404)],
    ['answers a page', answerJson('<html></html>')],
    ['answers no number', counted('many')],
    ['is broken', (response) => void response.destroy()],
  ])('is counted here where upstream %s, which is not asked again for a while', async (_, behaviour) => {
    await start(behaviour);
    for (let n = 0; n < 3; n++) {
      const { status, by, answer } = await count();
      expect([status, by]).toEqual([200, 'estimate']);
      expect(answer.input_tokens).toBeGreaterThan(5);
    }
    expect(upstream.seen).toHaveLength(1);
    expect(world.observed.retired).toEqual([]);
  });

  it('is counted here when upstream takes too long', async () => {
    await start(() => undefined, {}, { settings: { tokenCountTimeoutMs: 100 } });
    expect(await count()).toMatchObject({ status: 200, by: 'estimate' });
    await eventually(() => upstream.aborted === 1);
    expect(await count()).toMatchObject({ by: 'estimate' });
    expect(upstream.seen).toHaveLength(1);
  });

  it('is still asked after a complaint about one prompt', async () => {
    await start(
      answerMessage({ type: 'error', error: { type: 'invalid_request_error', message: 'x' } }, 400),
    );
    expect(await count()).toMatchObject({ status: 200, by: 'estimate' });
    upstream.behave(counted(3));
    expect(await count()).toMatchObject({ by: 'upstream' });
  });

  it('is asked of nobody where that is switched off, or where no upstream of the dialect serves the model', async () => {
    await start(counted(3), {}, { settings: { tokenCountTimeoutMs: 0 } });
    expect(await count()).toMatchObject({ by: 'estimate' });
    await world.close();
    await upstream.close();
    await start(counted(3));
    for (const model of ['gemini', 'unserved'])
      expect(await count({ model })).toMatchObject({ by: 'estimate' });
    expect(upstream.seen).toHaveLength(0);
    expect((await count({ model: 'nope' })).status).toBe(404);
  });

  it('takes no more of a channel than it has room for, and is bounded for each account', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const waiting: Behaviour = async (response, request) => {
      await gate;
      await counted(3)(response, request);
    };
    await start(waiting, { max_concurrency: 2 }, { settings: { tokenCountTimeoutMs: 60_000 } });
    const first = [count(), count()];
    await eventually(() => upstream.seen.length === 2);
    expect(await count()).toMatchObject({ by: 'estimate' });
    release();
    expect((await Promise.all(first)).map(({ by }) => by)).toEqual(['upstream', 'upstream']);
    await world.close();
    await upstream.close();
    let open: () => void = () => undefined;
    const second = new Promise<void>((resolve) => (open = resolve));
    await start(
      async (response, request) => {
        await second;
        await counted(3)(response, request);
      },
      {},
      { settings: { tokenCountTimeoutMs: 60_000 } },
    );
    const asked = Array.from({ length: 4 }, () => count());
    await eventually(() => upstream.seen.length === 4);
    expect(await count()).toMatchObject({ by: 'estimate' });
    open();
    expect((await Promise.all(asked)).map(({ by }) => by)).toEqual(Array(4).fill('upstream'));
  });

  it('is no longer asked for when the client hangs up, which is not the channel’s fault', async () => {
    await start(() => undefined, {}, { settings: { tokenCountTimeoutMs: 60_000 } });
    const leaving = new AbortController();
    const asked = count({}, { signal: leaving.signal });
    await eventually(() => upstream.seen.length === 1);
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await eventually(() => upstream.aborted === 1);
    upstream.behave(counted(3));
    await eventually(async () => (await count()).by === 'upstream');
  });
});

describe('a key that is revoked while the body is held back', () => {
  it('counts nothing', async () => {
    await start(counted(17));
    const url = `${world.url}/v1/messages/count_tokens`;
    const held = holdRequest(url, 'POST', { 'x-api-key': KEY }, JSON.stringify(PROMPT));
    await eventually(() => world.state.keyReads > 0);
    for (const [hash, view] of world.state.keys)
      world.state.keys.set(hash, { ...view, revoked: true, tokenRevision: 1n });
    await world.balance.raiseGuards([{ key: 'token:1', revision: 1n }]);
    expect((await held.release()).status).toBe(401);
    expect(upstream.seen).toHaveLength(0);
  });
});
