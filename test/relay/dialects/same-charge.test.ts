import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { message, text, textStream } from '../support/anthropic-shapes.js';
import { asSse, finish, piece, usage as geminiUsage } from '../support/gemini-shapes.js';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import {
  completion,
  delta,
  DONE,
  startTestUpstream,
  type TestUpstream,
  usageChunk,
} from '../support/test-upstream.js';

/** One conversation: what was asked, what was said, and what it used. */
const WORDS = ['It ', 'is ', 'sunny.'];
const USED = { prompt: 1_000, cached: 600, output: 70, thought: 20 };

interface Spoken {
  readonly dialect: 'openai' | 'anthropic' | 'gemini';
  readonly path: (model: string, streamed: boolean) => string;
  readonly body: (model: string, streamed: boolean) => object;
  /** Upstream's answer in this dialect, with its way of saying the same usage. */
  readonly whole: () => string;
  readonly pieces: () => string[];
}

const openaiUsage = {
  prompt_tokens: USED.prompt,
  completion_tokens: USED.output,
  prompt_tokens_details: { cached_tokens: USED.cached },
  completion_tokens_details: { reasoning_tokens: USED.thought },
};
const anthropicUsage = {
  input_tokens: USED.prompt - USED.cached,
  cache_read_input_tokens: USED.cached,
  cache_creation_input_tokens: 0,
  output_tokens: USED.output,
  output_tokens_details: { thinking_tokens: USED.thought },
};
const googleUsage = geminiUsage(USED.prompt, USED.output - USED.thought, {
  cachedContentTokenCount: USED.cached,
  thoughtsTokenCount: USED.thought,
});

const spoken: readonly Spoken[] = [
  {
    dialect: 'openai',
    path: () => '/v1/chat/completions',
    body: (model, stream) => ({
      model,
      stream,
      max_tokens: 500,
      messages: [{ role: 'user', content: 'How is it?' }],
    }),
    whole: () => completion(WORDS.join(''), openaiUsage).toString(),
    pieces: () => [...WORDS.map((word) => delta(word)), delta('', 'stop'), usageChunk(openaiUsage), DONE],
  },
  {
    dialect: 'anthropic',
    path: () => '/v1/messages',
    body: (model, stream) => ({
      model,
      stream,
      max_tokens: 500,
      messages: [{ role: 'user', content: 'How is it?' }],
    }),
    whole: () => JSON.stringify(message([text(WORDS.join(''))], anthropicUsage)),
    pieces: () => textStream(WORDS, anthropicUsage),
  },
  {
    dialect: 'gemini',
    path: (model, streamed) =>
      `/v1beta/models/${model}:${streamed ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: () => ({
      contents: [{ role: 'user', parts: [{ text: 'How is it?' }] }],
      generationConfig: { maxOutputTokens: 500 },
    }),
    whole: () => JSON.stringify(finish(WORDS.join(''), googleUsage)),
    pieces: () => [
      ...WORDS.slice(0, -1).map((word) => asSse([piece(word)])),
      asSse([finish(WORDS.at(-1) as string, googleUsage)]),
    ],
  },
];

describe('the same conversation in every dialect', () => {
  let upstream: TestUpstream;
  let world: World;
  beforeAll(async () => {
    upstream = await startTestUpstream(() => undefined);
    const rates = { model_ratio: '1.25', completion_ratio: '4', cache_ratio: '0.1' };
    world = await startWorld({
      channels: spoken.map(({ dialect }) =>
        channel(dialect, upstream.url.replace(/\/v1$/, ''), { type: dialect, models: [`${dialect}-model`] }),
      ),
      prices: spoken.map(({ dialect }) => price(`${dialect}-model`, rates)),
    });
  });
  afterAll(async () => {
    await world.close();
    await upstream.close();
  });

  async function call({ dialect, path, body, whole, pieces }: Spoken, streamed: boolean) {
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': streamed ? 'text/event-stream' : 'application/json' });
      response.end(streamed ? pieces().join('') : whole());
    });
    const model = `${dialect}-model`;
    const response = await fetch(`${world.url}${path(model, streamed)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body(model, streamed)),
    });
    expect(response.status).toBe(200);
    await response.text();
    const charge = world.settlement.charges.at(-1);
    if (!charge) throw new Error('no charge');
    expect(charge).toMatchObject({ dialect, model, streamed, basis: 'reported', ended: 'complete' });
    return { usage: charge.usage, exact: charge.exact_quota, quota: charge.quota };
  }

  it('has the same usage and the same charge, whole and in pieces', async () => {
    const charges = [];
    for (const one of spoken) charges.push(await call(one, false), await call(one, true));
    const [first] = charges;
    expect(charges).toEqual(charges.map(() => first));
    // 1.25 × (400 + 600 × 0.1 + 70 × 4) = 925
    expect(first).toMatchObject({
      quota: 925n,
      usage: { prompt_tokens: 1_000, cached_tokens: 600, completion_tokens: 70, reasoning_tokens: 20 },
    });
  });
});
