import { describe, expect, it } from '@jest/globals';
import { type Call, Observations, type Reading, type Request } from '../run/observations.js';
import { historyInvariants } from './history.js';
import { lawfulInvariants } from './lawful.js';
import type { RawEvent } from './raw-log.js';
import { type Evidence, type Invariant, judge } from './verdict.js';

const ACCOUNT = 'account-a';

const event = (
  position: bigint,
  type: string,
  data: Record<string, unknown>,
  recordedAtMs: number,
): RawEvent => ({
  position,
  stream: 's',
  revision: 0n,
  id: String(position),
  type,
  data: { account_id: ACCOUNT, ...data },
  recordedAtMs,
});

const credited = (position: bigint, payment: string, quota: number, atMs: number) =>
  event(position, 'payment-credited', { payment_id: payment, quota: String(quota) }, atMs);

const topup = (key: string, begunMs: number, endedMs: number, more: object = {}): Request => ({
  kind: 'topup',
  key,
  user: 'a',
  amountUsd: 0.002,
  method: 'POST',
  path: '/topup',
  body: {},
  attempts: [
    {
      begunMs,
      endedMs,
      kind: 'acknowledged',
      status: 200,
      code: undefined,
      data: undefined,
      position: undefined,
      ...more,
    },
  ],
});

const reading = (quota: number, begunMs: number, more: Partial<Reading> = {}): Reading => ({
  user: 'a',
  begunMs,
  endedMs: begunMs + 10,
  minPosition: undefined,
  quota: BigInt(quota),
  ...more,
});

/** The failures of everything that judges a history. */
async function failuresOf(
  events: readonly RawEvent[],
  seen: { readonly readings?: Reading[]; readonly requests?: Request[] },
): Promise<string> {
  const observations = new Observations();
  observations.readings.push(...(seen.readings ?? []));
  for (const request of seen.requests ?? []) observations.requests.set(request.key, request);
  const evidence = { events, observations, accounts: new Map([['a', ACCOUNT]]) } as unknown as Evidence;
  const all: readonly Invariant[] = [...historyInvariants, ...lawfulInvariants];
  return (await judge(all, evidence)).flatMap(({ failures }) => failures).join('\n');
}

const TWO = [credited(1n, 'p', 1000, 1_000), credited(2n, 'q', 1000, 2_000)];

describe('a history of readings', () => {
  it('is lawful when each is of a moment, one after another', async () => {
    const readings = [reading(0, 500), reading(1000, 1_100), reading(1000, 1_900), reading(2000, 2_100)];
    expect(await failuresOf(TWO, { readings })).toBe('');
  });

  it.each([
    ['that never was', [reading(1500, 2_500)]],
    ['of the future', [reading(2000, 1_500)]],
    ['older than one before', [reading(2000, 2_100), reading(1000, 2_200)]],
    ['older than was asked for', [reading(1000, 2_200, { minPosition: 2n })]],
  ])('is not with a balance %s', async (_what, readings) => {
    expect(await failuresOf(TWO, { readings })).toContain('a was told');
  });
});

describe('a history of requests', () => {
  it('is lawful when the log has them in an order that nobody can contradict', async () => {
    const requests = [topup('p', 900, 1_100), topup('q', 1_000, 2_100, { position: 2n })];
    expect(await failuresOf(TWO, { requests })).toBe('');
  });

  it.each([
    ['recorded after its answer', [topup('q', 900, 1_200)]],
    ['recorded before its question', [topup('p', 1_500, 1_600)]],
    ['said to be before its place', [topup('q', 1_900, 2_100, { position: 1n })]],
  ])('is not with one %s', async (_what, requests) => {
    expect(await failuresOf(TWO, { requests })).not.toBe('');
  });

  it('is not when what came first lies behind', async () => {
    const events = [credited(1n, 'q', 1000, 2_000), credited(2n, 'p', 1000, 1_000)];
    const requests = [topup('p', 900, 1_100), topup('q', 1_900, 2_100)];
    expect(await failuresOf(events, { requests })).toContain('lies before it in the log');
  });

  it('is not with a refusal that the log denies', async () => {
    const refused = { kind: 'refused', status: 409, code: 'payment_conflict' };
    expect(await failuresOf(TWO, { requests: [topup('q', 1_000, 1_100, refused)] })).toContain('denies');
    expect(await failuresOf(TWO, { requests: [topup('q', 2_000, 2_100, refused)] })).toBe('');
  });
});

describe('a call that names a place', () => {
  const charged = (position: bigint, requestId: string, atMs: number) => ({
    ...event(
      position,
      'consumption-recorded',
      { call_id: requestId, request_id: requestId, quota: '1' },
      atMs,
    ),
    revision: position,
  });
  const called = (requestId: string, position: bigint) =>
    ({ requestId, position, kind: 'acknowledged', status: 200, completed: true }) as unknown as Call;
  const place = historyInvariants.filter(({ name }) => name.startsWith('a call that names a place'));
  const failures = async (calls: Call[]) => {
    const events = [charged(5n, 'first', 100), charged(6n, 'second', 100), charged(9n, 'third', 900)];
    const observations = new Observations();
    observations.calls.push(...calls);
    const evidence = { events, observations, accounts: new Map() } as unknown as Evidence;
    return (await judge(place, evidence)).flatMap((one) => one.failures);
  };

  it('has its charge there, or before it in the same append', async () => {
    expect(place).toHaveLength(1);
    expect(await failures([called('first', 6n), called('second', 6n), called('third', 9n)])).toEqual([]);
  });

  it.each([
    ['of an append before', called('third', 6n)],
    ['of an append after', called('first', 9n)],
    ['where nothing is', called('first', 7n)],
    ['of no charge at all', called('nobody', 6n)],
  ])('is seen to be wrong with one %s', async (_what, call) => {
    expect(await failures([call])).toHaveLength(1);
  });
});

it('a key above its limit is seen', async () => {
  const limits = { quota_limit: '500' };
  const charge = {
    token_id: 7,
    call_id: 'c',
    quota: '600',
    group: 'vip',
    group_ratio: '0.5',
    request_id: 'r',
  };
  const events = [
    event(1n, 'token-issued', { token_id: 7, limits }, 1),
    event(2n, 'consumption-recorded', { ...charge, started_at: new Date(2).toISOString() }, 2),
  ];
  expect(await failuresOf(events, {})).toContain('brings its key to 600 of 500');
});
