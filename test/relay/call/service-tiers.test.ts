import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Allowance } from '../../../src/domain/channel/allowances.js';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

/** 100 + 10 tokens at model ratio 1, completion 4: 140 by the list. */
const PRICE = price('m', { completion_ratio: '4', service_tier_ratios: { priority: '1.75', flex: '0.5' } });
const LISTED = 140n;

interface Way {
  readonly dialect: string;
  readonly type: 'openai' | 'anthropic' | 'gemini';
  readonly path: string;
  readonly member: string;
  readonly body: object;
  readonly whole: (tier: string | undefined) => object;
  readonly events: (tier: string | undefined) => readonly object[];
  readonly streamPath?: string;
}

const said = { role: 'user', content: 'hi' };
const chatUsage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
const usage = { input_tokens: 100, output_tokens: 10 };
const usageMetadata = { promptTokenCount: 100, candidatesTokenCount: 10, totalTokenCount: 110 };
const named = (name: string, tier: string | undefined) => (tier === undefined ? {} : { [name]: tier });
const response = (tier: string | undefined) => ({
  id: 'r',
  object: 'response',
  output: [{ id: 'i', type: 'message', content: [{ type: 'output_text', text: 'ok' }] }],
  usage,
  ...named('service_tier', tier),
});
const generated = (tier: string | undefined) => ({
  candidates: [{ index: 0, content: { parts: [{ text: 'ok' }] }, finishReason: 'STOP' }],
  usageMetadata: { ...usageMetadata, ...named('serviceTier', tier) },
});

const ways: readonly Way[] = [
  {
    dialect: 'chat',
    type: 'openai',
    path: '/v1/chat/completions',
    member: 'service_tier',
    body: { model: 'm', messages: [said], max_tokens: 10 },
    whole: (tier) => ({
      choices: [{ index: 0, message: { content: 'ok' }, finish_reason: 'stop' }],
      usage: chatUsage,
      ...named('service_tier', tier),
    }),
    events: (tier) => [
      { choices: [{ index: 0, delta: { content: 'ok' } }], ...named('service_tier', tier) },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], ...named('service_tier', tier) },
      { choices: [], usage: chatUsage, ...named('service_tier', tier) },
    ],
  },
  {
    dialect: 'responses',
    type: 'openai',
    path: '/v1/responses',
    member: 'service_tier',
    body: { model: 'm', input: 'hi', max_output_tokens: 10 },
    whole: response,
    events: (tier) => [
      { type: 'response.output_text.delta', delta: 'ok' },
      { type: 'response.completed', response: response(tier) },
    ],
  },
  {
    dialect: 'messages',
    type: 'anthropic',
    path: '/v1/messages',
    member: 'service_tier',
    body: { model: 'm', messages: [said], max_tokens: 10 },
    whole: (tier) => ({
      content: [{ type: 'text', text: 'ok' }],
      usage: { ...usage, ...named('service_tier', tier) },
    }),
    events: (tier) => [
      { type: 'message_start', message: { usage: { ...usage, ...named('service_tier', tier) } } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'ok' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 10 } },
      { type: 'message_stop' },
    ],
  },
  {
    dialect: 'generateContent',
    type: 'gemini',
    path: '/v1beta/models/m:generateContent',
    streamPath: '/v1beta/models/m:streamGenerateContent?alt=sse',
    member: 'serviceTier',
    body: { contents: [{ parts: [{ text: 'hi' }] }], generationConfig: { maxOutputTokens: 10 } },
    whole: generated,
    events: (tier) => [generated(tier)],
  },
];
const both = ways.flatMap((way) => [
  { ...way, streamed: false },
  { ...way, streamed: true },
]);

describe('the class of service', () => {
  let upstream: TestUpstream;
  let world: World;
  let reported: string | undefined;

  const start = async (
    { type, whole, events }: Way,
    streamed: boolean,
    listed = PRICE,
    allowed: Allowance[] = [],
  ) => {
    upstream.behave((answer) => {
      answer.writeHead(200, { 'content-type': streamed ? 'text/event-stream' : 'application/json' });
      if (!streamed) return void answer.end(JSON.stringify(whole(reported)));
      for (const event of events(reported)) answer.write(`data: ${JSON.stringify(event)}\n\n`);
      answer.end(type === 'openai' ? 'data: [DONE]\n\n' : undefined);
    });
    world = await startWorld({
      channels: [channel('one', upstream.url, { type, models: ['m'], allowed_members: allowed })],
      prices: [listed],
    });
  };
  beforeEach(async () => {
    reported = undefined;
    upstream = await startTestUpstream(() => undefined);
  });
  afterEach(async () => {
    await world.close();
    await upstream.close();
  });

  const ask = async ({ path, streamPath, body, member, type }: Way, streamed: boolean, tier?: string) => {
    const url = `${world.url}${streamed && streamPath ? streamPath : path}`;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify({
        ...body,
        ...(streamed && type !== 'gemini' && { stream: true }),
        ...named(member, tier),
      }),
    });
    return { status: answer.status, text: await answer.text() };
  };
  const charged = () =>
    world.settlement.charges.map(({ quota, service_tier }) => ({ quota, tier: service_tier }));

  it.each(both)('in $dialect (streamed: $streamed) is charged as upstream reports it', async (way) => {
    reported = 'priority';
    await start(way, way.streamed);
    expect((await ask(way, way.streamed, 'priority')).status).toBe(200);
    expect(charged()).toEqual([{ quota: 245n, tier: 'priority' }]);
    expect(world.settlement.charges).toMatchObject([{ service_tier_ratio: '1.75', model_ratio: '1' }]);
    reported = 'flex';
    await ask(way, way.streamed, 'priority');
    expect(charged()[1]).toEqual({ quota: 70n, tier: 'flex' });
  });

  it.each(both)(
    'in $dialect (streamed: $streamed) costs what the list says when upstream says so',
    async (way) => {
      reported = way.type === 'openai' ? 'default' : 'standard';
      await start(way, way.streamed);
      await ask(way, way.streamed, 'priority');
      expect(charged()).toEqual([{ quota: LISTED, tier: undefined }]);
    },
  );

  it.each(both)(
    'in $dialect (streamed: $streamed) is the one asked for where none is reported',
    async (way) => {
      await start(way, way.streamed);
      await ask(way, way.streamed, 'flex');
      await ask(way, way.streamed);
      expect(charged()).toEqual([
        { quota: 70n, tier: 'flex' },
        { quota: LISTED, tier: undefined },
      ]);
    },
  );

  it.each(both.filter(({ type }) => type === 'openai'))(
    'in $dialect (streamed: $streamed) has other names at OpenAI',
    async (way) => {
      await start(way, way.streamed);
      await ask(way, way.streamed, 'fast');
      reported = 'ultrafast';
      await ask(way, way.streamed);
      expect(charged()).toEqual([
        { quota: 245n, tier: 'priority' },
        { quota: LISTED, tier: undefined },
      ]);
      expect(world.settlement.charges[0]?.doubt).toBeUndefined();
      expect(world.settlement.charges[1]?.doubt?.reason).toContain('ultrafast');
    },
  );

  it.each(ways)('in $dialect without a ratio in the price is refused, and named', async (way) => {
    await start(way, false, price('m', { service_tier_ratios: { flex: '0.5' } }));
    const { status, text } = await ask(way, false, 'priority');
    expect([status, text.includes(way.member)]).toEqual([400, true]);
    expect(upstream.seen).toHaveLength(0);
  });

  it.each(both)(
    'in $dialect (streamed: $streamed) that is reported and has no ratio is something to settle, unless the channel allows it',
    async (way) => {
      reported = 'priority';
      const listed = price('m', { completion_ratio: '4', service_tier_ratios: { flex: '0.5' } });
      await start(way, way.streamed, listed);
      await ask(way, way.streamed);
      await world.close();
      expect(charged()).toEqual([{ quota: LISTED, tier: 'priority' }]);
      const doubt = world.settlement.charges[0]?.doubt;
      expect(doubt?.reason).toContain('priority');
      expect(doubt?.reported).toContain('100');
      await start(way, way.streamed, listed, ['service_tier']);
      await ask(way, way.streamed);
      expect(world.settlement.charges[0]?.doubt).toBeUndefined();
    },
  );

  it.each([
    ['auto', 1.75],
    ['priority', 1.75],
    ['flex', 1],
    [undefined, 1],
  ])('%s is held at the dearest that may come', async (tier, factor) => {
    const [way] = ways;
    if (!way) throw new Error('no way');
    await start(way, false);
    await ask(way, false, 'default');
    await ask(way, false, tier);
    const [listed, held] = world.settlement.charges.map(({ hold_quota }) => Number(hold_quota));
    // The member itself may be estimated with the prompt, at some tokens.
    expect(Math.abs((held ?? 0) - (listed ?? 0) * factor)).toBeLessThan(10);
    expect((listed ?? 0) * 0.75).toBeGreaterThan(20);
  });
});
