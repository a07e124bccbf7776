import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { channel, KEY, price, startWorld, type World } from '../../../support/relay-world.js';
import { speakingChannel } from '../../../support/speaking-upstream.js';
import { answerJson, startTestUpstream, type TestUpstream } from '../../../support/test-upstream.js';

const MODEL = 'gpt-test';
const COMPACTED = {
  id: 'resp_1',
  object: 'response.compaction',
  created_at: 1,
  output: [
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'go' }] },
    { type: 'compaction', id: 'cmp_1', encrypted_content: 'sealed' },
  ],
  usage: { input_tokens: 12, output_tokens: 5, total_tokens: 17 },
};
const INPUT = [{ role: 'user' as const, content: 'Hello, how are you today?' }];

let upstream: TestUpstream;
let world: World;
beforeEach(async () => {
  upstream = await startTestUpstream(answerJson(JSON.stringify(COMPACTED)));
});
afterEach(async () => {
  expect(await world.held()).toBe(0n);
  await world.close();
  await upstream.close();
});
const openai = () => new OpenAI({ baseURL: `${world.url}/v1`, apiKey: KEY, maxRetries: 0 });

describe('a conversation that is made shorter', () => {
  it('goes to an upstream of responses as it is, and is charged as it reports', async () => {
    world = await startWorld({ channels: [channel('one', upstream.url)] });
    const answer = await openai().responses.compact({ model: MODEL, input: INPUT });
    expect(answer).toMatchObject(COMPACTED);
    expect(upstream.seen[0]).toMatchObject({
      url: '/v1/responses/compact',
      body: { model: MODEL, input: INPUT },
    });
    expect(world.settlement.charges).toMatchObject([{ endpoint: '/v1/responses/compact', quota: 17n }]);
  });

  it('is never converted: nobody else could read what comes back', async () => {
    world = await startWorld({ channels: [speakingChannel('one', 'chat', upstream)] });
    await expect(openai().responses.compact({ model: MODEL, input: INPUT })).rejects.toMatchObject({
      status: 400,
      code: 'dialect_not_supported',
    });
    expect(upstream.seen).toEqual([]);
  });

  it('is not begun with a balance that its worst case exceeds, since it has no limit that could be lowered', async () => {
    const prices = [price(MODEL, { max_output_tokens: 1_000 })];
    world = await startWorld({ channels: [channel('one', upstream.url)], prices, balance: 600n });
    await expect(openai().responses.compact({ model: MODEL, input: INPUT })).rejects.toMatchObject({
      status: 402,
    });
    expect(upstream.seen).toEqual([]);
  });
});

describe('the length of a response’s prompt', () => {
  const count = async () => {
    const { data, response } = await openai()
      .responses.inputTokens.count({ model: MODEL, input: INPUT })
      .withResponse();
    return { tokens: data.input_tokens, by: response.headers.get('x-counterfoil-count') };
  };

  it('is what an upstream of responses says', async () => {
    upstream.behave(answerJson('{"object":"response.input_tokens","input_tokens":17}'));
    world = await startWorld({ channels: [channel('one', upstream.url)] });
    expect(await count()).toEqual({ tokens: 17, by: 'upstream' });
    expect(upstream.seen[0]?.url).toBe('/v1/responses/input_tokens');
    expect(world.settlement.charges).toEqual([]);
  });

  it('is counted here where the channel has chats alone', async () => {
    world = await startWorld({ channels: [speakingChannel('one', 'chat', upstream)] });
    const { tokens, by } = await count();
    expect(by).toBe('estimate');
    expect(tokens).toBeGreaterThan(5);
    expect(tokens).toBeLessThan(60);
    expect(upstream.seen).toEqual([]);
  });
});

describe('the models that OpenAI’s clients are shown', () => {
  it('have a time, the kinds of calls that reach them, their length and what they cost this key', async () => {
    const dear = price('dear', { model_ratio: '1.25', completion_ratio: '4', context_window: 128_000 });
    const prices = [dear, price('a-picture', { per_call_usd: '0.02' })];
    const channels = [
      channel('one', upstream.url, { models: ['dear'], endpoints: { chat: upstream.url } }),
      speakingChannel('two', 'generate', upstream, { models: ['a-picture'] }),
    ];
    world = await startWorld({ channels, prices });
    const { data } = await openai().models.list();
    expect(data).toEqual([
      {
        id: 'a-picture',
        object: 'model',
        created: expect.any(Number),
        owned_by: 'counterfoil',
        supported_endpoint_types: ['openai', 'openai-response', 'anthropic', 'gemini'],
        context_length: null,
        max_output_tokens: 1_000,
        pricing: { prompt: '0', completion: '0', request: '0.02' },
      },
      expect.objectContaining({
        id: 'dear',
        supported_endpoint_types: ['openai'],
        context_length: 128_000,
        pricing: { prompt: '0.0000025', completion: '0.00001', input_cache_read: '0.00000125', request: '0' },
      }),
    ]);
    expect(await openai().models.retrieve('dear')).toMatchObject({ id: 'dear', context_length: 128_000 });
  });
});
