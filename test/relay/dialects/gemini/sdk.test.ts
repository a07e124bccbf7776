import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LLMock } from '@copilotkit/aimock';
import { ApiError, type GenerateContentParameters, GoogleGenAI, Type } from '@google/genai';
import { eventually } from '../../../support/eventually.js';
import { channel, KEY, price, startWorld, type World } from '../../support/relay-world.js';

const MODEL = 'gemini-2.5-flash';
const TOOLS = [
  {
    functionDeclarations: [
      {
        name: 'weather',
        parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } } },
      },
    ],
  },
];

/** The official client against an upstream that nobody here wrote; its journal is what the charges are reconciled with. */
describe('the Google SDK through the relay', () => {
  const mock = new LLMock({ port: 0, chunkSize: 4 });
  let world: World;
  let client: GoogleGenAI;
  beforeAll(async () => {
    const usage = (promptTokenCount: number, candidatesTokenCount: number) => ({
      prompt_tokens: promptTokenCount,
      completion_tokens: candidatesTokenCount,
    });
    mock.onMessage('hello', { content: 'Hi there, how are you?', usage: usage(100, 10) });
    mock.onMessage('weather', {
      toolCalls: [{ name: 'weather', arguments: '{"city":"Bern"}' }],
      usage: usage(55, 7),
    });
    mock.onMessage('picture', { content: 'A cat.', usage: usage(300, 3) });
    mock.onMessage('fail', { error: { message: 'teapot', type: 'INVALID_ARGUMENT' }, status: 400 });
    mock.onMessage('flaky', { error: { message: 'overloaded', type: 'UNAVAILABLE' }, status: 503 });
    mock.onMessage('long', { content: 'word '.repeat(60) }, { latency: 5 });
    mock.onEmbedding(/./, { embedding: [0.1, 0.2, 0.3] });
    await mock.start();
    const models = [MODEL];
    world = await startWorld({
      channels: [channel('aimock', mock.url, { type: 'gemini', models })],
      prices: [price(MODEL, { model_ratio: '1.25', completion_ratio: '4' })],
    });
    client = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: world.url } });
  });
  afterAll(async () => {
    await world.close();
    await mock.stop();
  });

  const ask = (contents: string): GenerateContentParameters => ({ model: MODEL, contents });
  const lastCharge = () => world.settlement.charges.at(-1);

  it('lists models, page by page, and gets one', async () => {
    const names: (string | undefined)[] = [];
    for await (const { name } of await client.models.list({ config: { pageSize: 1 } })) names.push(name);
    expect(names).toEqual([`models/${MODEL}`]);
    expect(await client.models.get({ model: MODEL })).toMatchObject({ outputTokenLimit: 1_000 });
  });

  it('gets a JSON answer with its charge', async () => {
    const answer = await client.models.generateContent(ask('hello'));
    expect(answer.text).toBe('Hi there, how are you?');
    expect(answer.usageMetadata).toMatchObject({ promptTokenCount: 100, candidatesTokenCount: 10 });
    expect(answer.sdkHttpResponse?.headers).toMatchObject({ 'x-counterfoil-charge': '175' });
    expect(lastCharge()).toMatchObject({ quota: 175n, dialect: 'gemini', basis: 'reported' });
  });

  it('streams', async () => {
    let text = '';
    let last;
    for await (const chunk of await client.models.generateContentStream(ask('hello'))) {
      text += chunk.text ?? '';
      last = chunk;
    }
    expect(text).toBe('Hi there, how are you?');
    expect(last?.usageMetadata).toMatchObject({ promptTokenCount: 100 });
    expect(lastCharge()).toMatchObject({
      quota: 175n,
      basis: 'reported',
      ended: 'complete',
      streamed: true,
    });
  });

  it('calls functions, whole and streamed', async () => {
    const asked = { ...ask('weather'), config: { tools: TOOLS } };
    const whole = await client.models.generateContent(asked);
    expect(whole.functionCalls).toMatchObject([{ name: 'weather', args: { city: 'Bern' } }]);
    const calls = [];
    for await (const chunk of await client.models.generateContentStream(asked)) {
      calls.push(...(chunk.functionCalls ?? []));
    }
    expect(calls).toMatchObject([{ name: 'weather', args: { city: 'Bern' } }]);
  });

  it('sends pictures', async () => {
    const parts = [{ text: 'picture' }, { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }];
    const answer = await client.models.generateContent({
      model: MODEL,
      contents: [{ role: 'user', parts }],
    });
    expect(answer.text).toBe('A cat.');
    expect(lastCharge()?.usage).toMatchObject({ prompt_tokens: 300 });
  });

  it('sees upstream errors and our own as its own kind', async () => {
    const failure = async (contents: string, model = MODEL, by = client) => {
      const error: unknown = await by.models
        .generateContent({ model, contents })
        .catch((error: unknown) => error);
      if (!(error instanceof ApiError)) throw new Error('no error of the SDK');
      return { status: error.status, error: (JSON.parse(error.message) as { error: object }).error };
    };
    expect(await failure('fail')).toMatchObject({ status: 400, error: { message: 'teapot' } });
    expect(await failure('x', 'nope')).toMatchObject({ status: 404, error: { status: 'NOT_FOUND' } });
    const stranger = new GoogleGenAI({ apiKey: 'sk-no', httpOptions: { baseUrl: world.url } });
    expect(await failure('hello', MODEL, stranger)).toMatchObject({
      status: 401,
      error: { status: 'UNAUTHENTICATED' },
    });
    await expect(client.models.generateContentStream(ask('fail'))).rejects.toMatchObject({ status: 400 });
  });

  it('tries again when it is told to, and is charged for what answered', async () => {
    const before = { charges: world.settlement.charges.length, refused: world.observed.upstream.length };
    const httpOptions = { baseUrl: world.url, retryOptions: { attempts: 3, initialDelay: 0.001, jitter: 0 } };
    const patient = new GoogleGenAI({ apiKey: KEY, httpOptions });
    await expect(patient.models.generateContent(ask('flaky'))).rejects.toMatchObject({ status: 503 });
    expect(world.observed.upstream.length - before.refused).toBe(3);
    await patient.models.generateContent(ask('hello'));
    expect(world.settlement.charges.length - before.charges).toBe(1);
  });

  it('the sum of charges equals what the journal of upstream says was used', async () => {
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        ['hello', 'weather', 'picture', 'hello'].map(async (contents, index) => {
          if (index % 2 === 0) return client.models.generateContent(ask(contents));
          let last;
          for await (const chunk of await client.models.generateContentStream(ask(contents))) last = chunk;
          return last;
        }),
      );
    }
    const journal = (await (await fetch(`${mock.url}/__aimock/journal`)).json()) as JournalEntry[];
    const used = journal
      .filter(({ response }) => response.status === 200)
      .map(({ response }) => response.fixture.response.usage);
    const exact = used.map((usage) => 1.25 * (usage.prompt_tokens + 4 * usage.completion_tokens));
    expect(used.length).toBe(world.settlement.charges.length);
    // All of these are quarters: exact in a double.
    expect(Number(world.settlement.total)).toBe(
      exact.reduce((sum, quota) => sum + Math.floor(quota + 0.5), 0),
    );
  });

  it('aborts a stream: upstream is broken off and what was delivered is charged', async () => {
    const before = world.settlement.charges.length;
    const abort = new AbortController();
    const stream = await client.models.generateContentStream({
      ...ask('long'),
      config: { abortSignal: abort.signal },
    });
    let chunks = 0;
    const reading = async () => {
      for await (const { candidates = [] } of stream) {
        chunks += candidates.length;
        if (chunks === 5) abort.abort();
      }
    };
    await expect(reading()).rejects.toThrow();
    await eventually(() => world.settlement.charges.length === before + 1);
    const charge = lastCharge();
    expect(charge).toMatchObject({ basis: 'counted', ended: 'client-closed' });
    expect(charge?.usage.completion_tokens).toBeGreaterThan(0);
    expect(charge?.usage.completion_tokens).toBeLessThan(100);
    await eventually(async () => (await world.held()) === 0n);
  });
});

interface JournalEntry {
  readonly response: {
    readonly status: number;
    readonly fixture: {
      readonly response: { readonly usage: { prompt_tokens: number; completion_tokens: number } };
    };
  };
}
