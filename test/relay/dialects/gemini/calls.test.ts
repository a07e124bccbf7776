import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GoogleGenAI } from '@google/genai';
import { asArray, asSse, finish, OVERLOADED, piece, usage } from '../../support/gemini-shapes.js';
import { channel, KEY, price, startWorld, type World } from '../../support/relay-world.js';
import {
  answerJson,
  type Behaviour,
  startTestUpstream,
  type TestUpstream,
} from '../../support/test-upstream.js';

const MODEL = 'gemini-test';
const BODY = { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] };

/** Writes the pieces one by one; what happens after them is up to `after`. */
const stream =
  (type: string, pieces: readonly string[], after: 'end' | 'destroy' = 'end'): Behaviour =>
  async (response) => {
    response.writeHead(200, { 'content-type': type });
    for (const text of pieces) await new Promise<void>((resolve) => response.write(text, () => resolve()));
    if (after === 'end') response.end();
    else setImmediate(() => response.destroy());
  };

/** What only Google’s own upstream does, in shapes of our own making. */
describe('calls in Gemini’s dialect', () => {
  let world: World;
  let upstream: TestUpstream;
  beforeAll(async () => {
    upstream = await startTestUpstream(answerJson('{}'));
    world = await startWorld({
      channels: [
        // Once with the version in its address, once without; once under another name.
        channel('google', upstream.url.replace(/v1$/, 'v1beta'), { type: 'gemini', models: [MODEL] }),
        channel('mapped', upstream.url.replace(/\/v1$/, ''), {
          type: 'gemini',
          models: ['embed', 'a/b:c'],
          model_mapping: { embed: 'gemini-embedding-001' },
        }),
        channel('other', upstream.url, { models: ['gpt-test'] }),
      ],
      prices: [
        price(MODEL, { model_ratio: '1', completion_ratio: '2' }),
        price('embed'),
        price('a/b:c'),
        price('gpt-test'),
      ],
    });
  });
  afterAll(async () => {
    await world.close();
    await upstream.close();
  });
  beforeEach(() => {
    upstream.seen.length = 0;
    world.settlement.charges.length = 0;
  });

  const post = (path: string, body: unknown = BODY, init: RequestInit = {}) =>
    fetch(`${world.url}/v1beta/models/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'x-goog-api-key': KEY, 'content-type': 'application/json' },
      ...init,
    });
  const lastCharge = () => world.settlement.charges.at(-1);
  const sdk = () => new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: world.url } });

  it('go to the channel with its own key, nothing else of the client’s but the body and the format', async () => {
    upstream.behave(answerJson(JSON.stringify(finish('hi', usage(3, 2)))));
    const response = await post(
      `${MODEL}:generateContent?key=${KEY}&alt=json&fields=x&prettyPrint=true`,
      BODY,
      {
        headers: { 'x-client': 'mine', cookie: 'a=b' },
      },
    );
    expect(await response.json()).toMatchObject({ candidates: [{ finishReason: 'STOP' }] });
    expect(response.headers.get('x-counterfoil-charge')).toBe('7');
    const [seen] = upstream.seen;
    expect(seen?.url).toBe(`/v1beta/models/${MODEL}:generateContent?alt=json`);
    expect(seen?.raw.toString()).toBe(JSON.stringify(BODY));
    expect(seen?.headers).toMatchObject({ 'x-goog-api-key': 'upstream-key-google' });
    expect(JSON.stringify(seen?.headers)).not.toMatch(/mine|a=b|authorization|sk-/);
    expect(lastCharge()).toMatchObject({
      endpoint: '/v1beta/models/{model}:generateContent',
      dialect: 'gemini',
      model: MODEL,
    });
  });

  it('find the key in its header, in the address, or as Bearer', async () => {
    upstream.behave(answerJson(JSON.stringify(finish('hi', usage(3, 2)))));
    for (const [query, headers] of [
      ['', { 'x-goog-api-key': KEY }],
      [`?key=${KEY}`, {}],
      ['', { authorization: `Bearer ${KEY}` }],
    ] as const) {
      expect((await post(`${MODEL}:generateContent${query}`, BODY, { headers })).status).toBe(200);
    }
    const stranger = await post(`${MODEL}:generateContent?key=wrong`, BODY, { headers: {} });
    expect(stranger.status).toBe(401);
    expect(await stranger.text()).not.toContain('wrong');
  });

  it('charge cached, tool and thought tokens by the one formula', async () => {
    const used = usage(100, 10, {
      cachedContentTokenCount: 60,
      thoughtsTokenCount: 5,
      toolUsePromptTokenCount: 20,
    });
    upstream.behave(answerJson(JSON.stringify(finish('hi', used))));
    await post(`${MODEL}:generateContent`);
    // 40 + 20 plain, 60 cached at a half, 15 of output at double.
    expect(lastCharge()).toMatchObject({ quota: 120n, basis: 'reported' });
  });

  it('stream as a JSON array to a client that asks for no events', async () => {
    const answer = asArray([piece('a'), piece('b'), finish('c', usage(5, 3))]);
    upstream.behave(stream('application/json; charset=UTF-8', [answer.slice(0, 40), answer.slice(40)]));
    const response = await post(`${MODEL}:streamGenerateContent?$alt=json;enum-encoding=int`);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.text()).toBe(answer);
    expect(upstream.seen[0]?.url).toBe(
      `/v1beta/models/${MODEL}:streamGenerateContent?$alt=json%3Benum-encoding%3Dint`,
    );
    expect(lastCharge()).toMatchObject({ quota: 11n, streamed: true, ended: 'complete', basis: 'reported' });
  });

  it('give the end of a stream only when the charge is durable', async () => {
    for (const [alt, type, framed] of [
      ['sse', 'text/event-stream', asSse],
      ['json', 'application/json', asArray],
    ] as const) {
      const pieces = [piece('a'), finish('b', usage(5, 3))];
      upstream.behave(stream(type, [framed(pieces)]));
      let release = () => {};
      world.settlement.gate = new Promise((resolve) => (release = resolve));
      const response = await post(`${MODEL}:streamGenerateContent?alt=${alt}`);
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      const first = Buffer.from((await reader.read()).value as Uint8Array).toString();
      expect(first).toBe(framed.open(pieces.slice(0, 1)));
      release();
      let rest = '';
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        rest += Buffer.from(read.value).toString();
      }
      expect(first + rest).toBe(framed(pieces));
      world.settlement.gate = undefined;
    }
  });

  it('that are cut end with an error in the stream’s own framing, and pay for what was delivered', async () => {
    for (const [alt, type, framed] of [
      ['sse', 'text/event-stream', asSse],
      ['json', 'application/json', asArray],
    ] as const) {
      upstream.behave(stream(type, [framed.open([piece('some words of an answer')])], 'destroy'));
      const cut = framed.read(await (await post(`${MODEL}:streamGenerateContent?alt=${alt}`)).text());
      expect(cut).toMatchObject([{}, { error: { code: 502, status: 'UNAVAILABLE' } }]);
      expect(lastCharge()).toMatchObject({ ended: 'upstream-cut', basis: 'counted' });

      const bare = alt === 'sse' ? JSON.stringify(OVERLOADED, null, 2) : `,${JSON.stringify(OVERLOADED)}]`;
      upstream.behave(stream(type, [framed.open([piece('words')]), bare]));
      const failed = framed.read(await (await post(`${MODEL}:streamGenerateContent?alt=${alt}`)).text());
      expect(failed).toMatchObject([{}, OVERLOADED]);
      expect(lastCharge()).toMatchObject({ ended: 'upstream-cut' });
    }
    expect(world.settlement.charges).toHaveLength(4);
  });

  it('the SDK sees an error in mid-stream', async () => {
    upstream.behave(stream('text/event-stream', [asSse([piece('words'), OVERLOADED])]));
    const answer = await sdk().models.generateContentStream({ model: MODEL, contents: 'hello' });
    const reading = async () => {
      let text = '';
      for await (const chunk of answer) text += chunk.text ?? '';
      return text;
    };
    await expect(reading()).rejects.toMatchObject({ status: 503 });
  });

  it('that fail before they began cost nothing and pass upstream’s own error, also out of a list', async () => {
    upstream.behave(answerJson(JSON.stringify([OVERLOADED]), 503));
    const response = await post(`${MODEL}:streamGenerateContent`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual([OVERLOADED]);
    expect(world.settlement.charges).toHaveLength(0);
  });

  it('whose prompt was refused are answers, and charged as upstream says', async () => {
    const refused = { promptFeedback: { blockReason: 'SAFETY' }, ...usage(9, 0) };
    upstream.behave(answerJson(JSON.stringify(refused)));
    expect(await (await post(`${MODEL}:generateContent`)).json()).toEqual(refused);
    expect(lastCharge()).toMatchObject({ quota: 9n, usage: { completion_tokens: 0 } });
    upstream.behave(stream('text/event-stream', [asSse([refused])]));
    expect(await (await post(`${MODEL}:streamGenerateContent?alt=sse`)).text()).toBe(asSse([refused]));
    expect(lastCharge()).toMatchObject({ quota: 9n, ended: 'complete' });
  });

  it('embed, one and many, counted here where upstream says nothing', async () => {
    upstream.behave(answerJson(JSON.stringify({ embeddings: [{ values: [0.5] }, { values: [0.25] }] })));
    const many = await sdk().models.embedContent({ model: 'embed', contents: ['hello', 'world'] });
    expect(many.embeddings?.map(({ values }) => values)).toEqual([[0.5], [0.25]]);
    expect(upstream.seen[0]?.url).toBe('/v1beta/models/gemini-embedding-001:batchEmbedContents');
    expect(upstream.seen[0]?.body).toMatchObject({
      requests: [{ model: 'models/gemini-embedding-001' }, { model: 'models/gemini-embedding-001' }],
    });
    expect(lastCharge()).toMatchObject({ basis: 'counted', usage: { completion_tokens: 0 } });
    expect(lastCharge()?.usage.prompt_tokens).toBeGreaterThan(1);

    const one = { embedding: { values: [0.5] }, usageMetadata: { promptTokenCount: 4 } };
    upstream.behave(answerJson(JSON.stringify(one)));
    const content = { parts: [{ text: 'hello' }] };
    expect(await (await post('embed:embedContent', { content })).json()).toEqual(one);
    expect(lastCharge()).toMatchObject({ quota: 4n, basis: 'reported' });
  });

  it('count tokens for nothing', async () => {
    const { totalTokens } = await sdk().models.countTokens({ model: MODEL, contents: 'hello world' });
    expect(totalTokens).toBeGreaterThan(1);
    expect(totalTokens).toBeLessThan(10);
    const whole = await post(`${MODEL}:countTokens`, { generateContentRequest: { model: MODEL, ...BODY } });
    expect(await whole.json()).toEqual({ totalTokens: 1 });
    expect((await post('nope:countTokens')).status).toBe(404);
    expect((await post(`${MODEL}:countTokens`, {})).status).toBe(400);
    expect(world.settlement.charges).toHaveLength(0);
  });

  it('take models with slashes and colons in their names', async () => {
    upstream.behave(answerJson(JSON.stringify(finish('hi', usage(3, 2)))));
    for (const name of ['a/b:c', 'a%2Fb:c']) expect((await post(`${name}:generateContent`)).status).toBe(200);
    expect(upstream.seen[0]?.url).toBe('/v1beta/models/a%2Fb%3Ac:generateContent');
    const listed = await fetch(`${world.url}/v1beta/models/a/b:c`, { headers: { 'x-goog-api-key': KEY } });
    expect(await listed.json()).toMatchObject({ name: 'models/a/b:c' });
  });

  it('list models page by page', async () => {
    const page = async (query: string) =>
      (await fetch(`${world.url}/v1beta/models?key=${KEY}${query}`)).json() as Promise<{
        models: { name: string }[];
        nextPageToken?: string;
      }>;
    const names: string[] = [];
    let token: string | undefined = '';
    while (token !== undefined) {
      const { models, nextPageToken } = await page(`&pageSize=1&pageToken=${token}`);
      names.push(...models.map(({ name }) => name));
      token = nextPageToken;
    }
    // Models that no channel serves in this dialect are not among them.
    expect(names).toEqual(['models/a/b:c', 'models/embed', `models/${MODEL}`]);
    expect(await page('&pageSize=x')).toMatchObject({ error: { code: 400 } });
  });

  it('are refused in the words of this dialect', async () => {
    const error = async (path: string, body: unknown = BODY) => {
      const response = await post(path, body);
      return ((await response.json()) as { error: object }).error;
    };
    expect(await error('gpt-test:generateContent')).toMatchObject({
      code: 400,
      status: 'FAILED_PRECONDITION',
      details: [{ reason: 'DIALECT_NOT_SUPPORTED', metadata: { dialects: 'openai' } }],
    });
    expect(await error(`${MODEL}:generateContent`, { contents: [] })).toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
    expect(await error(`${MODEL}:predict`)).toMatchObject({ code: 404, status: 'NOT_FOUND' });
    expect(await error(`${MODEL}:generateContent?alt=proto`)).toMatchObject({ status: 'INVALID_ARGUMENT' });
  });

  it('have their output limit lowered to what the balance affords', async () => {
    upstream.behave(answerJson(JSON.stringify(finish('hi', usage(3, 2)))));
    const poor = await startWorld({
      channels: [channel('google', upstream.url.replace(/\/v1$/, ''), { type: 'gemini', models: [MODEL] })],
      prices: [price(MODEL)],
      balance: 200n,
    });
    try {
      const client = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: poor.url } });
      await client.models.generateContent({
        model: MODEL,
        contents: 'hello',
        config: { maxOutputTokens: 900, temperature: 0.5 },
      });
      const { generationConfig } = upstream.seen.at(-1)?.body as { generationConfig: Record<string, number> };
      expect(generationConfig).toMatchObject({ temperature: 0.5 });
      expect(generationConfig['maxOutputTokens']).toBeLessThan(200);
      expect(generationConfig['maxOutputTokens']).toBeGreaterThan(15);
    } finally {
      await poor.close();
    }
  });
});
