import { afterEach, describe, expect, it } from '@jest/globals';
import type { Limits } from '../../../src/domain/setting/settings.js';
import { eventually } from '../../support/eventually.js';
import { channel, chat, KEY, price, startWorld, type World } from '../support/relay-world.js';
import {
  answerJson,
  completion,
  startTestUpstream,
  type TestUpstream,
  type UsageOfTest,
} from '../support/test-upstream.js';

let upstream: TestUpstream | undefined;
let world: World | undefined;
afterEach(async () => {
  await world?.close();
  await upstream?.close();
});

const HELLO = { model: 'gpt-test', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 10 };

describe('limits of calls', () => {
  it('requests a minute: headers say what is left, and the refusal whose limit it is and when to come again', async () => {
    const { url } = await limited({ user: { requests_per_minute: 2, tokens_per_minute: 10_000 } });
    const first = await chat({ url }, HELLO);
    expect(first.status).toBe(200);
    expect(first.headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('1');
    expect(first.headers.get('x-ratelimit-limit-tokens')).toBe('10000');
    expect(Number(first.headers.get('x-ratelimit-remaining-tokens'))).toBeLessThan(10_000);
    await chat({ url }, HELLO);
    for (let refused = 0; refused < 2; refused++) {
      const answer = await chat({ url }, HELLO);
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answer.headers.get('x-ratelimit-remaining-requests')).toBe('0');
      expect(await answer.json()).toMatchObject({
        error: { code: 'rate_limit_exceeded', message: 'Too many requests: this user may have 2 a minute.' },
      });
    }
    expect(world?.settlement.charges).toHaveLength(2);
    expect(world?.settlement.failures).toEqual([]);
    expect(await world?.held()).toBe(0n);
  });

  it('tokens a minute: what upstream reported counts, not the estimate', async () => {
    const { url } = await limited(
      { key: { tokens_per_minute: 1_000 } },
      { prompt_tokens: 900, completion_tokens: 50 },
    );
    expect((await chat({ url }, HELLO)).status).toBe(200);
    await eventually(async () => {
      const second = await chat(
        { url },
        { ...HELLO, messages: [{ role: 'user', content: 'word '.repeat(60) }] },
      );
      expect(second.status).toBe(429);
      expect(await second.json()).toMatchObject({
        error: { message: 'Too many tokens: this access key may have 1000 a minute.' },
      });
    });
  });

  it('calls at once: the next passes when one has ended', async () => {
    let answerFirst = () => undefined as void;
    const waiting = new Promise<void>((resolve) => (answerFirst = resolve));
    const { url } = await limited({ groups: { default: { concurrent_calls: 1 } } }, undefined, waiting);
    const first = chat({ url }, HELLO);
    await eventually(() => upstream?.seen.length === 1);
    const second = await chat({ url }, HELLO);
    expect(second.status).toBe(429);
    expect(await second.json()).toMatchObject({
      error: { message: "Too many calls at once: this access key's group may have 1 open." },
    });
    answerFirst();
    expect((await first).status).toBe(200);
    await eventually(async () => expect((await chat({ url }, HELLO)).status).toBe(200));
  });

  it('a call that the balance cannot carry gives its place back, and lists of models count as requests', async () => {
    const { url } = await limited({ global: { concurrent_calls: 1, requests_per_minute: 3 } });
    expect((await chat({ url }, { ...HELLO, model: 'dear' })).status).toBe(402);
    expect((await chat({ url }, HELLO)).status).toBe(200);
    const list = () => fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${KEY}` } });
    expect((await list()).status).toBe(200);
    expect((await list()).status).toBe(429);
  });

  it('a changed setting holds for the next call', async () => {
    const { url } = await limited({ key: { requests_per_minute: 1 } });
    await chat({ url }, HELLO);
    expect((await chat({ url }, HELLO)).status).toBe(429);
    world?.state.settings.splice(0, 1, {
      key: 'limits',
      value: { key: { requests_per_minute: 5 } },
      changedBy: 'operator:test',
      changedAt: new Date(),
    });
    await world?.relay.refreshCatalogue();
    expect((await chat({ url }, HELLO)).status).toBe(200);
  });
});

async function limited(limits: Limits, usage?: UsageOfTest, before?: Promise<void>): Promise<World> {
  upstream = await startTestUpstream(async (response, request) => {
    await before;
    await answerJson(completion('Hi', usage ?? { prompt_tokens: 5, completion_tokens: 1 }))(
      response,
      request,
    );
  });
  world = await startWorld({
    channels: [channel('main', upstream.url, { models: ['gpt-test', 'dear'] })],
    prices: [price('gpt-test'), price('dear', { per_call_usd: '1000' })],
    settings: { defaults: { hold_policy: 'clamp', limits: {} } },
  });
  const changed = { changedBy: 'operator:test', changedAt: new Date() };
  world.state.settings.push({ key: 'limits', value: limits, ...changed });
  await world.relay.refreshCatalogue();
  return world;
}
