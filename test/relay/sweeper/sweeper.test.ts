import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_TIMINGS } from '../../../src/commands/handling/timings.js';
import { abandonLease } from '../../../src/commands/lease/abandon-lease.js';
import { createUsageWriter } from '../../../src/commands/usage/record-usage.js';
import { newCallId } from '../../../src/domain/usage/call-id.js';
import { encodeHoldContext, type CallContext } from '../../../src/domain/hold/hold-context.js';
import { EventStoreUnavailable } from '../../../src/eventstore/event-store.js';
import { createMemoryEventStore } from '../../../src/eventstore/memory/memory-event-store.js';
import { MemoryLog } from '../../../src/eventstore/memory/memory-log.js';
import type { OpenHold } from '../../../src/balance/cached-balance.js';
import { InProcessCachedBalance } from '../../../src/balance/in-process/in-process-cached-balance.js';
import { startSweeper, type Sweeper, type SweeperOptions } from '../../../src/relay/sweeper/sweeper.js';
import { aConsumption } from '../../support/consumption.js';
import { ACCOUNT_ID, anEvent, append } from '../../support/events.js';
import { FOUR_BUDGETS } from '../../support/four-budgets.js';
import { recordingLog } from '../../support/recording-log.js';

const LEASE_MS = 60_000;
const BUDGET = `account:${ACCOUNT_ID}` as const;
const sweepers: Sweeper[] = [];
afterEach(async () => {
  for (const sweeper of sweepers.splice(0)) await sweeper.stop();
});

const context: CallContext = {
  kind: 'call',
  request_id: 'request-1',
  account_id: ACCOUNT_ID,
  user_id: 1,
  token_id: 1,
  dialect: 'openai',
  endpoint: '/v1/chat/completions',
  model: 'gpt-4o',
  streamed: true,
  started_at: new Date().toISOString(),
  price_version: 1,
  model_ratio: '1.25',
  completion_ratio: '4',
  cache_ratio: '0.5',
  cache_write_ratio: '1',
  per_call_usd: null,
  group: 'default',
  group_ratio: '1',
  channel_id: 'main',
  upstream_model: 'gpt-4o',
};

const leaseContext = {
  kind: 'lease',
  holder: 'here:1',
  key: 'token:1',
  taken_at: '2026-12-01T09:00:00.000Z',
} as const;

function hold(overrides: Partial<OpenHold> = {}): OpenHold {
  return {
    holdId: randomUUID(),
    budgets: [BUDGET],
    granted: 1000n,
    context: encodeHoldContext(context),
    deliveredTokens: 0,
    leaseExpiresAtMs: 0,
    ...overrides,
  };
}

/** A twin that finds the holds of a killed process in its journal. */
async function setup(
  holds: readonly OpenHold[],
  isOurs: SweeperOptions['isOurs'] = () => false,
  projected = { balance: 10_000n, position: -1n },
  budgets: OpenHold['budgets'] = [BUDGET],
  mayRecord = true,
) {
  const log = new MemoryLog(() => new Date());
  const store = createMemoryEventStore({ log });
  const balance = new InProcessCachedBalance({
    leaseMs: LEASE_MS,
    journal: { leftovers: holds, save: () => Promise.resolve() },
  });
  const snapshots = (of: typeof projected) => budgets.map((budget) => ({ budget, ...of, revision: 0n }));
  await balance.load(snapshots({ balance: 10_000n, position: -1n }));
  const sweeper = () => {
    const writer = createUsageWriter({ store, now: Date.now, resolveWithinMs: 1000, maxPending: 100 });
    const loadBudgets = () => balance.load(snapshots(projected));
    const guards = { raiseGuards: () => Promise.resolve() };
    const commands = { store, guards, newId: randomUUID, now: () => new Date(), timings: DEFAULT_TIMINGS };
    const recordLease: SweeperOptions['recordLease'] = async (lease) => {
      const said = mayRecord ? await abandonLease(commands, lease) : undefined;
      return said?.ok ? said.position : undefined;
    };
    const parts = { balance, store, writer, recordLease, log: recordingLog() };
    const options = { ...parts, leaseMs: LEASE_MS, isOurs, loadBudgets };
    sweepers.push(startSweeper(options));
    return { sweeper: sweepers.at(-1)!, lines: options.log.lines };
  };
  const held = async () => (await balance.view(BUDGET))?.held;
  return { log, store, balance, sweeper, held };
}

describe('the sweeper', () => {
  it('charges what was delivered of a call whose process died', async () => {
    const dead = hold({ deliveredTokens: 10, leaseExpiresAtMs: 1_000_000 });
    const { log, sweeper, held } = await setup([dead]);
    await sweeper().sweeper.sweep();
    expect(log.events).toMatchObject([
      {
        type: 'call-abandoned.v4',
        data: {
          call_id: dead.holdId,
          quota: '50',
          exact_quota: '50',
          hold_quota: '1000',
          overshoot_quota: '0',
          usage: { prompt_tokens: 0, completion_tokens: 10 },
          last_heartbeat_at: new Date(1_000_000 - LEASE_MS).toISOString(),
        },
      },
    ]);
    // The charge waits for its projection.
    expect(await held()).toBe(50n);
  });

  it('names a dead process’s lease in its account’s history, once, and has it claim all of it until the tables have that', async () => {
    const lease = hold({ context: encodeHoldContext(leaseContext) });
    const { log, store, balance, sweeper, held } = await setup([lease]);
    await append(store, anEvent('ledger-founded'));
    const { sweeper: heir, lines } = sweeper();
    // Another one sees it as well, and at the same time.
    const other = sweeper().sweeper;
    await Promise.all([heir.sweep(), other.sweep()]);
    await other.sweep();
    expect(await held()).toBe(1_000n);
    expect([heir.leases + other.leases, heir.unresolvable]).toEqual([1, 0]);
    expect(lines).toContainEqual(expect.stringContaining('the process of a lease of holds died'));
    expect(log.events.slice(1)).toMatchObject([
      {
        stream: `lease-${ACCOUNT_ID}`,
        type: 'lease-abandoned.v1',
        data: {
          ...{ lease_id: lease.holdId, account_id: ACCOUNT_ID, token_id: 1, holder: 'here:1' },
          ...{ hold_quota: '1000', taken_at: '2026-12-01T09:00:00.000Z' },
          ended_at: '2026-12-01T09:00:00.250Z',
        },
      },
    ]);
    const position = await store.head();
    const balances = [{ budget: BUDGET, balance: 9_000n, position }];
    await balance.apply({ position: position - 1n, balances: [], resolvedHolds: [] });
    expect(await held()).toBe(1_000n);
    await balance.apply({ position, balances, resolvedHolds: [] });
    expect(await held()).toBe(0n);
  });

  it('says nothing of a lease while an older version may be at work: it claims until the tables have the log’s end', async () => {
    const lease = hold({ context: encodeHoldContext(leaseContext) });
    const { log, store, balance, sweeper, held } = await setup(
      [lease],
      undefined,
      undefined,
      undefined,
      false,
    );
    await append(store, anEvent('ledger-founded'), anEvent('ledger-sealed'));
    await sweeper().sweeper.sweep();
    expect(log.events).toHaveLength(2);
    expect((await balance.view(BUDGET))?.holds[0]?.settled).toEqual({
      charge: 1_000n,
      position: await store.head(),
    });
    expect(await held()).toBe(1_000n);
  });

  it('gives nothing back of a lease that the log does not take, and finds it again', async () => {
    const lease = hold({ context: encodeHoldContext(leaseContext) });
    const { log, store, balance, sweeper } = await setup([lease]);
    const append = store.append.bind(store);
    store.append = () => Promise.reject(new EventStoreUnavailable('away'));
    await expect(sweeper().sweeper.sweep()).rejects.toThrow('away');
    expect((await balance.view(BUDGET))?.holds[0]?.settled).toBeUndefined();
    store.append = append;
    await sweeper().sweeper.sweep();
    expect(log.events).toMatchObject([{ type: 'lease-abandoned.v1', data: { lease_id: lease.holdId } }]);
  });

  it('leaves a lease of its own process alone', async () => {
    const text = encodeHoldContext(leaseContext);
    const lease = hold({ context: text });
    const { balance, sweeper, held } = await setup([lease], (holdId) => holdId === lease.holdId);
    await sweeper().sweeper.sweep();
    expect(await held()).toBe(1_000n);
    expect((await balance.view(BUDGET))?.holds[0]?.settled).toBeUndefined();
  });

  it.each([null, '0.02'])(
    'charges nothing where nothing was delivered (price per call: %s)',
    async (perCall) => {
      const text = encodeHoldContext({ ...context, per_call_usd: perCall });
      const { log, sweeper, held } = await setup([hold({ context: text })]);
      await sweeper().sweeper.sweep();
      expect(log.events).toMatchObject([{ data: { quota: '0', rounding: 'free', last_heartbeat_at: null } }]);
      expect(await held()).toBe(0n);
    },
  );

  it('frees the hold of a charge that the balance contains, though nobody uses the account any more', async () => {
    const charged = hold({ settled: { charge: 50n, position: 5n } });
    const { log, balance, sweeper, held } = await setup([charged], () => false, {
      balance: 9_950n,
      position: 5n,
    });
    expect(await held()).toBe(50n);
    await sweeper().sweeper.sweep();
    expect(await held()).toBe(0n);
    expect(await balance.expired(10)).toEqual([]);
    expect(log.events).toEqual([]);
  });

  it('yields one event when two sweep at once, and none on the next look', async () => {
    const { log, sweeper } = await setup(Array.from({ length: 30 }, () => hold({ deliveredTokens: 1 })));
    const [one, two] = [sweeper().sweeper, sweeper().sweeper];
    await Promise.all([one.sweep(), two.sweep()]);
    await one.sweep();
    expect(log.events).toHaveLength(30);
  });

  it.each([undefined, '-1', '9'])(
    'lets a charge that is already durable stand (looked for behind %s)',
    async (usage_after) => {
      const id = () => newCallId('process', 7, Date.now(), randomUUID());
      const charges = Array.from({ length: 11 }, () => aConsumption({ call_id: id() }));
      const holdId = charges.at(-1)!.call_id;
      const text = encodeHoldContext({ ...context, usage_after });
      const { log, store, sweeper, held } = await setup([
        hold({ holdId, deliveredTokens: 1, context: text }),
      ]);
      await append(store, ...charges.map((data) => ({ type: 'consumption-recorded', data }) as const));
      await sweeper().sweeper.sweep();
      expect(log.events).toHaveLength(11);
      expect(await held()).toBe(27n);
    },
  );

  it('ends calls of a killed process in each of their four budgets: charged once what was delivered, free where nothing was', async () => {
    const budgets = FOUR_BUDGETS;
    const charged = aConsumption({ call_id: newCallId('process', 7, Date.now(), randomUUID()) });
    const [delivered, nothing, durable] = [
      hold({ budgets, deliveredTokens: 10 }),
      hold({ budgets }),
      hold({ budgets, holdId: charged.call_id, deliveredTokens: 1 }),
    ];
    const { log, store, balance, sweeper } = await setup(
      [delivered, nothing, durable],
      () => false,
      undefined,
      budgets,
    );
    await append(store, { type: 'consumption-recorded', data: charged });
    const held = () => Promise.all(budgets.map(async (budget) => (await balance.view(budget))?.held));
    expect(await held()).toEqual([3000n, 3000n, 3000n, 3000n]);
    await Promise.all([sweeper().sweeper.sweep(), sweeper().sweeper.sweep()]);
    await sweeper().sweeper.sweep();

    const endings = log.events.map(({ data }) => [data.call_id, data.quota]);
    expect(endings.sort()).toEqual(
      [
        [delivered.holdId, '50'],
        [nothing.holdId, '0'],
        [durable.holdId, '27'],
      ].sort(),
    );
    expect(await held()).toEqual([77n, 77n, 77n, 77n]);
    const position = BigInt(log.events.length - 1);
    const balances = budgets.map((budget) => ({ budget, balance: 9_923n, position }));
    const resolvedHolds = [delivered.holdId, nothing.holdId, durable.holdId];
    await balance.apply({ position, balances, resolvedHolds });
    expect(await held()).toEqual([0n, 0n, 0n, 0n]);
    expect(await balance.expired(10)).toEqual([]);
  });

  it('leaves calls alone that this process still works on, and charges that only wait for their projection', async () => {
    const ours = hold();
    const settled = hold({ settled: { charge: 5n, position: 9n } });
    const { log, balance, sweeper, held } = await setup([ours, settled], (callId) => callId === ours.holdId);
    await sweeper().sweeper.sweep();
    expect(log.events).toHaveLength(0);
    expect(await held()).toBe(1005n);
    expect(await balance.expired(10)).toEqual([]);
  });

  it('releases the hold of a refund that never came, and keeps that of one that is recorded', async () => {
    const stream = 'payment-pi_1';
    const text = encodeHoldContext({ kind: 'refund', stream });
    const [lost, recorded] = [hold({ context: text }), hold({ context: text })];
    const { store, sweeper, held } = await setup([lost, recorded]);
    await append(
      store,
      anEvent('payment-credited'),
      anEvent('payment-refunded', { hold_id: recorded.holdId, quota: 700n }),
    );
    await sweeper().sweeper.sweep();
    expect(await held()).toBe(700n);
  });

  it('treats the hold of an adjustment likewise', async () => {
    const text = encodeHoldContext({ kind: 'adjustment', stream: 'adjustment-adjustment-1' });
    const [lost, recorded] = [hold({ context: text }), hold({ context: text })];
    const { store, sweeper, held } = await setup([lost, recorded]);
    await append(store, anEvent('balance-adjusted', { hold_id: recorded.holdId, quota: -300n }));
    await sweeper().sweeper.sweep();
    expect(await held()).toBe(300n);
  });

  it('keeps a hold that nobody can read, and shouts', async () => {
    const { sweeper, held } = await setup([hold({ context: '{"kind":"riddle"}' })]);
    const { sweeper: one, lines } = sweeper();
    await one.sweep();
    expect(await held()).toBe(1000n);
    expect(one.unresolvable).toBe(1);
    expect(lines).toEqual(['error: nobody can resolve this hold: its context cannot be read']);
  });
});
