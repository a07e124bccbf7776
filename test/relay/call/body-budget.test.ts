import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ClientRequest, request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { BodyBudget } from '../../../src/relay/body-budget.js';
import { eventually } from '../../support/eventually.js';
import { channel, chat, HELLO, KEY, startWorld, type World } from '../support/relay-world.js';
import { answerJson, completion, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

const PER_KEY = 1_000_000;
const PATHS = [
  ['openai', '/v1/chat/completions'],
  ['anthropic', '/v1/messages'],
  ['gemini', '/v1beta/models/gpt-test:generateContent'],
] as const;

let upstream: TestUpstream;
let world: World;
const opened: ClientRequest[] = [];
beforeEach(async () => {
  upstream = await startTestUpstream(
    answerJson(completion('hi', { prompt_tokens: 3, completion_tokens: 2 })),
  );
  world = await startWorld({
    channels: [channel('one', upstream.url)],
    settings: { bodyBudgetBytes: 3 * PER_KEY, bodyBudgetBytesPerKey: PER_KEY },
  });
});
afterEach(async () => {
  for (const request of opened.splice(0)) request.destroy();
  await world.close();
  await upstream.close();
});

/** A request of which so much comes, and no more. */
function stalled(path: string, bytes: number): ClientRequest {
  const headers = { authorization: `Bearer ${KEY}`, 'x-goog-api-key': KEY, 'content-length': bytes + 1 };
  const request = httpRequest({ port: new URL(world.url).port, path, method: 'POST', headers });
  request.on('error', () => undefined);
  request.write(`"${'x'.repeat(bytes - 1)}`);
  opened.push(request);
  return request;
}

const answerTo = (
  request: ClientRequest,
): Promise<{ status: number; retryAfter: string | undefined; text: string }> =>
  new Promise((resolve) => {
    request.on('response', (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text }),
      );
    });
  });

describe('the budget of bodies', () => {
  it.each(PATHS)(
    'refuses in %s what a key has no room for, and takes it when there is room again',
    async (_, path) => {
      const first = stalled(path, 900_000);
      await eventually(() => world.relay.bodyBytes === 900_000);
      const refused = await answerTo(stalled(path, 200_000));
      expect([refused.status, Number(refused.retryAfter) > 0]).toEqual([503, true]);
      expect(refused.text).toContain('this access key');
      expect((await chat(world, HELLO)).status).toBe(200);
      first.destroy();
      await eventually(() => world.relay.bodyBytes === 0);
      const again = stalled(path, 200_000);
      await eventually(() => world.relay.bodyBytes === 200_000);
      again.destroy();
      await eventually(() => world.relay.bodyBytes === 0);
      expect(world.observed.faults).toEqual([]);
    },
  );

  it('counts what comes, not what is announced, and a body until its call is over', async () => {
    let answer = () => undefined as void;
    const open = new Promise<void>((resolve) => (answer = resolve));
    const good = answerJson(completion('hi', { prompt_tokens: 3, completion_tokens: 2 }));
    upstream.behave(async (response, request) => {
      await open;
      await good(response, request);
    });
    const body = JSON.stringify({ ...HELLO, x: 'x'.repeat(500_000) });
    const calling = chat(world, JSON.parse(body) as object);
    await eventually(() => upstream.seen.length === 1);
    expect(world.relay.bodyBytes).toBe(body.length);
    answer();
    expect((await calling).status).toBe(200);
    await eventually(() => world.relay.bodyBytes === 0);
  });

  it('never holds more than it may, and nothing when all is over', () => {
    const step = fc.record({ key: fc.nat(3), bytes: fc.nat(400), ends: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const budget = new BodyBudget({ bodyBudgetBytes: 1_000, bodyBudgetBytesPerKey: 600 });
        const shares = new Map<number, ReturnType<BodyBudget['share']>>();
        const held = new Map<number, number>();
        for (const { key, bytes, ends } of steps) {
          const share = shares.get(key) ?? budget.share(key);
          shares.set(key, share);
          const before = [...held.values()].reduce((sum, each) => sum + each, 0);
          const fits = (held.get(key) ?? 0) + bytes <= 600 && before + bytes <= 1_000;
          if (fits) {
            share.take(bytes);
            held.set(key, (held.get(key) ?? 0) + bytes);
          } else expect(() => share.take(bytes)).toThrow('bodies_full');
          if (ends) {
            share.release();
            held.delete(key);
          }
          expect(budget.heldBytes).toBe([...held.values()].reduce((sum, each) => sum + each, 0));
        }
        for (const share of shares.values()) share.release();
        expect(budget.heldBytes).toBe(0);
      }),
    );
  });
});

describe('limits of calls', () => {
  const limit = async (key: Record<string, number>) => {
    const changed = { changedBy: 'operator:test', changedAt: new Date() };
    world.state.settings.push({ key: 'limits', value: { key }, ...changed });
    await world.relay.refreshCatalogue();
  };

  it.each(PATHS)('are asked in %s before a body has come', async (_, path) => {
    await limit({ concurrent_calls: 1 });
    const first = stalled(path, 10);
    await eventually(() => world.relay.bodyBytes === 10);
    expect(await answerTo(stalled(path, 10))).toMatchObject({ status: 429, retryAfter: '1' });
    first.destroy();
    await eventually(async () => expect((await chat(world, HELLO)).status).toBe(200));
  });

  it('a request counts when its body turns out to be none, and its tokens do not', async () => {
    await limit({ requests_per_minute: 2, tokens_per_minute: 1_000 });
    expect((await chat(world, { model: 'gpt-test' })).status).toBe(400);
    const answer = await chat(world, HELLO);
    expect([answer.status, answer.headers.get('x-ratelimit-remaining-requests')]).toEqual([200, '0']);
    expect(Number(answer.headers.get('x-ratelimit-remaining-tokens'))).toBeGreaterThan(900);
    expect((await chat(world, HELLO)).status).toBe(429);
  });
});
