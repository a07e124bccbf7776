import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channel, KEY, price, startWorld, type World } from '../../../support/relay-world.js';
import { answerMessage } from '../../../support/anthropic-shapes.js';
import { startTestUpstream, type TestUpstream } from '../../../support/test-upstream.js';

const MODEL = 'claude-test';

describe('counting the tokens of a prompt', () => {
  let upstream: TestUpstream;
  let world: World;
  let client: Anthropic;
  beforeAll(async () => {
    upstream = await startTestUpstream(answerMessage({ error: 'not asked' }, 500));
    world = await startWorld({
      channels: [channel('a', upstream.url, { type: 'anthropic', models: [MODEL] })],
      prices: [price(MODEL)],
      balance: 0n,
    });
    client = new Anthropic({ apiKey: KEY, baseURL: world.url, maxRetries: 0 });
  });
  afterAll(async () => {
    await world.close();
    await upstream.close();
  });

  const ask = (content: string, more: object = {}) => ({
    model: MODEL,
    messages: [{ role: 'user' as const, content }],
    ...more,
  });

  it('costs nothing, needs no balance and leaves no trace', async () => {
    const { input_tokens } = await client.messages.countTokens(ask('Hello, how are you today?'));
    expect(input_tokens).toBeGreaterThan(5);
    expect(input_tokens).toBeLessThan(60);
    expect(world.settlement.charges).toHaveLength(0);
    expect(world.settlement.failures).toHaveLength(0);
    expect(await world.held()).toBe(0n);
  });

  it('counts system, tools and pictures', async () => {
    const plain = (await client.messages.countTokens(ask('hi'))).input_tokens;
    const words = 'Balance, in accounting, is everything. '.repeat(100);
    const more = await client.messages.countTokens(
      ask('hi', {
        system: words,
        tools: [{ name: 'weather', description: words, input_schema: { type: 'object' } }],
      }),
    );
    expect(more.input_tokens).toBeGreaterThan(plain + 1_600);
    const source = { type: 'base64', media_type: 'image/png', data: 'A'.repeat(100_000) };
    const picture = await client.messages.countTokens({
      model: MODEL,
      messages: [{ role: 'user', content: [{ type: 'image', source } as Anthropic.ImageBlockParam] }],
    });
    expect(picture.input_tokens).toBeGreaterThan(1_000);
    expect(picture.input_tokens).toBeLessThan(6_000);
  });

  it('is bounded: a text that would hold up a tokenizer is estimated', async () => {
    const started = performance.now();
    const { input_tokens } = await client.messages.countTokens(ask('模'.repeat(1_000_000)));
    expect(input_tokens).toBeGreaterThan(300_000);
    expect(performance.now() - started).toBeLessThan(60_000);
  });

  it('refuses strangers, unknown models and what is no prompt', async () => {
    const stranger = new Anthropic({ apiKey: 'sk-no', baseURL: world.url, maxRetries: 0 });
    await expect(stranger.messages.countTokens(ask('hi'))).rejects.toBeInstanceOf(
      Anthropic.AuthenticationError,
    );
    await expect(client.messages.countTokens({ ...ask('hi'), model: 'nope' })).rejects.toBeInstanceOf(
      Anthropic.NotFoundError,
    );
    await expect(client.messages.countTokens({ model: MODEL, messages: [] })).rejects.toBeInstanceOf(
      Anthropic.BadRequestError,
    );
  });
});
