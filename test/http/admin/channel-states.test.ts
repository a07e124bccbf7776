import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  answerJson,
  completion,
  startTestUpstream,
  type TestUpstream,
} from '../../relay/support/test-upstream.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

const SECRET = 'sk-upstream-secret-0123456789';
const SECOND = 'sk-another-secret-0123456789';
const GOOD = answerJson(completion('pong', { prompt_tokens: 1, completion_tokens: 1 }));
const failing = (status: number, code: string | null, message = 'no') =>
  answerJson(JSON.stringify({ error: { message, type: 'x', param: null, code } }), status);

let world: AdminServer;
let upstream: TestUpstream;
let operator: string;
let made = 0;
/** A channel of its own for each test. */
let id: string;
let keys: { id: string }[];

beforeAll(async () => {
  upstream = await startTestUpstream(GOOD);
  world = await startAdminServer();
  operator = await world.as('operator');
});
afterAll(async () => {
  await world.close();
  await upstream.close();
});
beforeEach(async () => {
  upstream.behave(GOOD);
  upstream.seen.length = 0;
  id = `channel-${++made}`;
  const settings = {
    name: 'Main',
    base_url: upstream.url,
    keys: [{ secret: SECRET }, { secret: SECOND }],
    models: ['gpt-*', 'gpt-4o', 'gpt-4o-mini'],
    model_mapping: { 'gpt-4o-mini': 'mini-upstream' },
    test_model: 'gpt-4o-mini',
    max_concurrency: 7,
  };
  keys = (await call('PUT', `/channels/${id}`, settings)).body.data.keys;
});

const call = (method: string, path: string, body?: unknown) => world.call(operator, method, path, body);
const test = (body?: object) => call('POST', `/channels/${id}/test`, body);
const state = async () => (await call('GET', `/channels/${id}/state`)).body.data;

describe('a test of a channel', () => {
  it('asks the test model with the smallest call, charges nobody, and counts as a check', async () => {
    const events = await world.ledger.head();
    const { status, body } = await test();
    expect([status, body.data]).toEqual([
      200,
      {
        channel_id: id,
        key_id: keys[0]?.id,
        model: 'gpt-4o-mini',
        outcome: 'answered',
        status: 200,
        reason: null,
        duration_ms: expect.any(Number),
        by: 'operator:operator',
        message: null,
      },
    ]);
    expect(upstream.seen).toHaveLength(1);
    expect(upstream.seen[0]).toMatchObject({
      headers: { authorization: `Bearer ${SECRET}` },
      body: { model: 'mini-upstream', max_tokens: 1 },
    });
    expect(await world.ledger.head()).toBe(events);
    const now = Math.floor(Date.now() / 1000);
    const { at, ...check } = (await state()).last_check;
    expect(check).toMatchObject({ outcome: 'answered', by: 'operator:operator', key_id: keys[0]?.id });
    expect(Math.abs(at - now)).toBeLessThan(60);
    expect(await state()).toMatchObject({
      state: 'in_use',
      max_concurrency: 7,
      running_calls: 0,
      response: { answered: 1, failed: 0 },
    });
  });

  it('begins a cooldown where it fails, shows until when, and ends it where it answers', async () => {
    upstream.behave(failing(429, 'rate_limit_exceeded'));
    expect((await test({ model: 'gpt-4o' })).body.data).toMatchObject({
      model: 'gpt-4o',
      outcome: 'failed',
      status: 429,
      reason: 'status-429',
      message: null,
    });
    const cooling = await state();
    const [first, second] = cooling.keys;
    expect(first).toMatchObject({
      key: 'sk-u...6789',
      state: 'in_use',
      cooldown: null,
      models: [{ model: 'gpt-4o', failures: 1, reason: 'status-429' }],
    });
    expect(first.models[0].until).toBeGreaterThanOrEqual(Math.floor(Date.now() / 1000) - 5);
    expect(second).toMatchObject({ models: [], cooldown: null });
    upstream.behave(GOOD);
    expect((await test({ model: 'gpt-4o' })).body.data.outcome).toBe('answered');
    expect((await state()).keys[0].models).toEqual([]);
  });

  it('takes a key out of use that is refused for good, and never shows it', async () => {
    upstream.behave(failing(401, 'invalid_api_key', `Incorrect API key provided: ${SECRET}.`));
    const answer = await test();
    expect(answer.body.data).toMatchObject({
      outcome: 'failed',
      status: 401,
      message: 'the key is refused',
    });
    const events = await world.ledger.events('channel-key-disabled');
    expect(events.at(-1)).toMatchObject({
      channel_id: id,
      key_id: keys[0]?.id,
      automatic: true,
      by: 'system',
    });
    upstream.behave(GOOD);
    // The first that is still in use.
    expect((await test()).body.data).toMatchObject({ key_id: keys[1]?.id, outcome: 'answered' });
    const of = (await test({ key_id: keys[0]?.id })).body.data;
    expect(of).toMatchObject({ key_id: keys[0]?.id, outcome: 'answered' });
    const shown = await call('GET', `/channels/${id}/state`);
    expect(shown.body.data.keys).toMatchObject([
      { state: 'out_of_use', disabled: { automatic: true } },
      { state: 'in_use' },
    ]);
    for (const { text } of [answer, shown]) expect(text).not.toMatch(/upstream-secret|another-secret/);
  });

  it('asks a channel that is out of use, and leaves it so', async () => {
    await call('POST', `/channels/${id}/disable`, { reason: 'maintenance' });
    expect((await test()).body.data.outcome).toBe('answered');
    expect(await state()).toMatchObject({
      state: 'out_of_use',
      disabled: { reason: 'maintenance', automatic: false },
      last_check: { outcome: 'answered' },
    });
  });

  it.each([
    ['a complaint about the request', failing(400, null), { outcome: 'refused', status: 400 }],
    ['a page', answerJson('<html>log in</html>'), { outcome: 'failed', status: 200, reason: 'bad-body' }],
    [
      'nothing',
      (response: { destroy(): void }) => void response.destroy(),
      { outcome: 'failed', status: null, reason: 'unreachable' },
    ],
  ])('tells %s from an answer', async (_, behaviour, expected) => {
    upstream.behave(behaviour);
    expect((await test()).body.data).toMatchObject(expected);
  });

  it.each([
    ['a channel that is not there', 'none', {}, 404, 'channel_not_found'],
    ['a key that is not there', undefined, { key_id: 'none' }, 400, 'channel_invalid'],
  ])('refuses %s', async (_, other, body, status, code) => {
    const answer = await call('POST', `/channels/${other ?? id}/test`, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(upstream.seen).toHaveLength(0);
  });
});

describe('the states of channels', () => {
  it('are of every channel, also of one that was never called, with the calls that run', async () => {
    const shared = world.administration.channelState;
    await shared.exchange([], { process: 'relay-1', calls: new Map([[id, 2]]) });
    await shared.exchange([], { process: 'relay-2', calls: new Map([[id, 1]]) });
    const { channels } = (await call('GET', '/channel-states')).body.data;
    expect(channels).toHaveLength(made);
    const found = channels.find(({ channel_id }: { channel_id: string }) => channel_id === id);
    expect(found).toMatchObject({ running_calls: 3, response: null, last_check: null, cooldown: null });
  });

  it('say how long the whole channel is left alone', async () => {
    const cooling = {
      reason: 'status-503',
      baseMs: 60_000,
      maxMs: 60_000,
      leastMs: 0,
      spare: 0,
      jitter: 0.5,
    };
    await world.administration.channelState.failed(id, cooling);
    const found = await state();
    expect(found).toMatchObject({ state: 'cooling', cooldown: { failures: 1, reason: 'status-503' } });
    expect(found.cooldown.back_in_ms).toBeGreaterThan(30_000);
    expect(found.cooldown.until - Math.floor(Date.now() / 1000)).toBeGreaterThan(30);
    expect((await call('GET', '/channels/none/state')).body.code).toBe('channel_not_found');
  });
});

describe('who gets the next call', () => {
  it('is told by the rule of the relay, with what is cooling, and why nobody does', async () => {
    const ask = async (query: string) => (await call('GET', `/next-call?${query}`)).body;
    expect((await ask('model=gpt-4o')).data).toEqual({ refusal: 'no_group', channels: [] });
    await world.call(await world.as('admin'), 'POST', '/prices', {
      base_version: 0,
      prices: [{ model: 'next-model', model_ratio: '1', completion_ratio: '1' }],
      groups: [{ name: 'default', ratio: '1' }],
    });
    expect((await ask('model=unpriced')).data.refusal).toBe('no_price');
    expect((await ask('model=next-model')).data.refusal).toBe('no_channel');
    for (const weight of [1, 3])
      await call('PUT', `/channels/next-${weight}`, {
        name: `Next ${weight}`,
        base_url: upstream.url,
        keys: [{ secret: SECRET }],
        models: ['next-model'],
        weight,
      });
    const shares = async () =>
      (await ask('model=next-model')).data.channels.map(
        (each: { channel_id: string; state: string; share_percent: number | null }) =>
          `${each.channel_id} ${each.state} ${each.share_percent}`,
      );
    expect(await shares()).toEqual(['next-3 in_use 75', 'next-1 in_use 25']);
    const cooling = {
      reason: 'status-503',
      baseMs: 60_000,
      maxMs: 60_000,
      leastMs: 0,
      spare: 0,
      jitter: 0.5,
    };
    await world.administration.channelState.failed('next-3', cooling);
    expect(await shares()).toEqual(['next-1 in_use 100', 'next-3 cooling null']);
    expect((await ask('model=next-model&protocol=generate')).data.refusal).toBe('no_protocol');
    expect((await ask('protocol=chat')).code).toBe('invalid_request');
  });
});
