import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { answerMessage, message, text } from '../../../support/anthropic-shapes.js';
import { channel, KEY, price, startWorld, type WorldOptions } from '../../../support/relay-world.js';
import { startTestUpstream } from '../../../support/test-upstream.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: Partial<WorldOptions> = {}, maxRetries = 0) {
  const upstream = await startTestUpstream(
    answerMessage(message([text('hi')], { input_tokens: 10, output_tokens: 5 })),
  );
  closing.push(() => upstream.close());
  const world = await startWorld({
    channels: [channel('a', upstream.url, { type: 'anthropic', models: ['claude-test'] })],
    prices: [price('claude-test', { cache_write_ratio: '1.25', max_output_tokens: 64_000 })],
    ...options,
  });
  closing.push(() => world.close());
  const client = new Anthropic({ apiKey: KEY, baseURL: world.url, maxRetries });
  return { upstream, world, client };
}
const ask = (more: object = {}) => ({
  model: 'claude-test',
  max_tokens: 32_000,
  messages: [{ role: 'user' as const, content: 'hello' }],
  stream: false as const,
  ...more,
});

describe('a balance that does not carry the worst case of a messages call', () => {
  it('lowers max_tokens to what it carries', async () => {
    const { upstream, client, world } = await start({ balance: 2_000n });
    await client.messages.create(ask(), { timeout: 10_000 });
    const { max_tokens } = upstream.seen[0]?.body as { max_tokens: number };
    expect(max_tokens).toBeGreaterThan(1_800);
    expect(max_tokens).toBeLessThan(2_000);
    expect(world.settlement.charges[0]).toMatchObject({ quota: 15n, overshoot_quota: 0n });
  });

  it('never lowers it to the thinking budget or below: it refuses, says why, and is not tried again', async () => {
    const { upstream, client } = await start({ balance: 2_000n }, 3);
    const refused = client.messages.create(ask({ thinking: { type: 'enabled', budget_tokens: 4_000 } }), {
      timeout: 10_000,
    });
    await expect(refused).rejects.toBeInstanceOf(Anthropic.PaymentRequiredError);
    await expect(refused).rejects.toMatchObject({
      status: 402,
      type: 'billing_error',
      errorCode: 'insufficient_quota',
      details: { available: 2_000 },
    });
    expect(upstream.seen).toHaveLength(0);
    const enough = await client.messages.create(
      ask({ thinking: { type: 'enabled', budget_tokens: 1_024 } }),
      { timeout: 10_000 },
    );
    expect(enough.type).toBe('message');
    expect((upstream.seen[0]?.body as { max_tokens: number }).max_tokens).toBeGreaterThan(1_024);
  });

  it('holds a prompt that may be written to the cache at the price of writing', async () => {
    const words = 'Balance, in accounting, is everything. '.repeat(100);
    const held: bigint[] = [];
    for (const cache_control of [undefined, { type: 'ephemeral' }]) {
      const { client, upstream, world } = await start({ balance: 1_000_000n });
      upstream.behave(async (response, request) => {
        held.push(await world.held());
        await answerMessage(message([text('hi')], { input_tokens: 10, output_tokens: 5 }))(response, request);
      });
      const block = { type: 'text' as const, text: words, ...(cache_control ? { cache_control } : {}) };
      await client.messages.create(
        { ...ask({ max_tokens: 0 }), system: [block] } as Anthropic.MessageCreateParamsNonStreaming,
        { timeout: 10_000 },
      );
    }
    const [plain, marked] = held.map(Number) as [number, number];
    expect(marked / plain).toBeGreaterThan(1.2);
    expect(marked / plain).toBeLessThan(1.3);
  });
});

describe('a client that is too fast', () => {
  it('is told so in headers of its own, and comes again when it may', async () => {
    const { client } = await start({
      settings: { defaults: { hold_policy: 'clamp', limits: { key: { requests_per_minute: 1 } } } },
    });
    await client.messages.create(ask(), { timeout: 10_000 });
    const refused = await client.messages.create(ask(), { timeout: 10_000 }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Anthropic.RateLimitError);
    const { headers } = refused as InstanceType<typeof Anthropic.APIError>;
    expect(headers?.get('anthropic-ratelimit-requests-limit')).toBe('1');
    expect(headers?.get('anthropic-ratelimit-requests-remaining')).toBe('0');
    expect(Date.parse(headers?.get('anthropic-ratelimit-requests-reset') ?? '')).toBeGreaterThan(
      Date.now() - 1_000,
    );
    expect(Number(headers?.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('retries of the client', () => {
  it('pay once, for the attempt that answered', async () => {
    const { client, upstream, world } = await start({}, 2);
    let asked = 0;
    upstream.behave(async (response, request) => {
      asked++;
      if (asked < 3) {
        response.writeHead(529, { 'content-type': 'application/json', 'retry-after': '0.01' });
        response.end('{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}');
        return;
      }
      await answerMessage(message([text('hi')], { input_tokens: 10, output_tokens: 5 }))(response, request);
    });
    expect((await client.messages.create(ask(), { timeout: 10_000 })).type).toBe('message');
    expect(world.settlement.charges).toHaveLength(1);
  });
});
