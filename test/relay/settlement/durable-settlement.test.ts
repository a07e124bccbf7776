import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { typeOfStored } from '../../../src/domain/events/versions.js';
import { createUsageWriter } from '../../../src/commands/usage/record-usage.js';
import { createMemoryEventStore } from '../../../src/eventstore/memory/memory-event-store.js';
import { MemoryLog } from '../../../src/eventstore/memory/memory-log.js';
import { CacheUnavailable } from '../../../src/balance/cached-balance.js';
import { InProcessCachedBalance } from '../../../src/balance/in-process/in-process-cached-balance.js';
import { DurableSettlement } from '../../../src/relay/settlement/durable-settlement.js';
import { Spool } from '../../../src/relay/settlement/spool/spool.js';
import { aConsumption } from '../../support/consumption.js';
import { anEvent, LEDGER_ID } from '../../support/events.js';
import { eventually } from '../../support/eventually.js';
import { FOUR_BUDGETS } from '../../support/four-budgets.js';
import { FaultyEventStore, type AppendFault } from '../../support/faulty-event-store.js';
import { recordingLog } from '../../support/recording-log.js';

let folder: string;
const running: DurableSettlement[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-settlement-'));
});
afterEach(async () => {
  for (const settlement of running.splice(0)) await settlement.close();
  await rm(folder, { recursive: true });
});

/** The part of the cached balance that settlement talks to. */
class Holds {
  readonly settled: { holdId: string; charge: bigint; position: bigint }[] = [];
  readonly renewed = new Set<string>();
  failures = 0;

  settle(holds: readonly { holdId: string; charge: bigint; position: bigint }[]): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      return Promise.reject(new CacheUnavailable('away'));
    }
    this.settled.push(...holds);
    return Promise.resolve();
  }

  renew(holds: readonly { holdId: string }[]): Promise<readonly string[]> {
    for (const { holdId } of holds) this.renewed.add(holdId);
    return Promise.resolve([]);
  }
}

let lastPid = 1;
const memoryLog = () => new MemoryLog(() => new Date());

interface StartOptions {
  readonly log?: MemoryLog;
  readonly maxBytes?: number;
  readonly killedPid?: number;
  /** That processes share, as they do Redis. */
  readonly balance?: InProcessCachedBalance;
  readonly beforeSpool?: () => Promise<void>;
}

async function start(options: StartOptions = {}) {
  const log = options.log ?? memoryLog();
  const store = new FaultyEventStore(createMemoryEventStore({ log }));
  const holds = new Holds();
  const spool = await Spool.open({
    origin: { ledgerId: LEDGER_ID, generation: 0, log: 'postgres' },
    folder,
    owner: { host: 'here', pid: (lastPid += 1), instance: randomUUID() },
    maxBytes: options.maxBytes ?? 1_000_000,
    now: Date.now,
    isAlive: (pid) => pid !== options.killedPid,
  });
  const settlement = new DurableSettlement({
    writer: createUsageWriter({ store, now: Date.now, resolveWithinMs: 150, maxPending: 1000 }),
    store,
    spool,
    balance: options.balance ?? holds,
    now: Date.now,
    log: recordingLog(),
    chargeWithinMs: 100,
    maxFailedCalls: 10,
    beforeSpool: options.beforeSpool,
  });
  await settlement.start();
  running.push(settlement);
  const types = (callId: string) =>
    log.events.filter(({ data }) => data.call_id === callId).map(({ type }) => typeOfStored(type));
  return { log, store, holds, settlement, types };
}

describe('settlement', () => {
  it('charges into the log and settles the hold at the charge afterwards', async () => {
    const { settlement, holds, types } = await start();
    const charge = aConsumption();
    const durable = await settlement.charge(charge);
    expect(durable).toEqual({ durable: 'log', position: 0n });
    expect(types(charge.call_id)).toEqual(['consumption-recorded']);
    await eventually(() =>
      expect(holds.settled).toEqual([{ holdId: charge.call_id, charge: 27n, position: 0n }]),
    );
    expect(settlement.accepting).toBe(true);
  });

  it('settles the hold when the cache comes back', async () => {
    const { settlement, holds } = await start();
    holds.failures = 2;
    await settlement.charge(aConsumption());
    await eventually(() => expect(holds.settled).toHaveLength(1));
  });

  it('spools while the store is away, refuses new calls, keeps the holds alive, and drains when it is back', async () => {
    const { settlement, store, holds, types } = await start();
    store.down = true;
    const charges = Array.from({ length: 20 }, () => aConsumption());
    const durable = await Promise.all(charges.map((charge) => settlement.charge(charge)));
    expect(durable.every(({ durable }) => durable === 'spool')).toBe(true);
    expect(settlement.accepting).toBe(false);
    expect(settlement.notAccepting).toBe('the event store cannot be reached');
    expect(settlement.stats.spooledCharges).toBe(20);
    expect(charges.every(({ call_id }) => settlement.owns(call_id))).toBe(true);
    await eventually(() => expect(holds.renewed.size).toBe(20));
    store.down = false;
    await eventually(() => expect(settlement.accepting).toBe(true));
    for (const { call_id } of charges) expect(types(call_id)).toEqual(['consumption-recorded']);
    await eventually(() => expect(holds.settled).toHaveLength(20));
    expect(settlement.stats).toMatchObject({ spooledCharges: 0, spoolBytes: 0 });
    expect(await readdir(folder)).toEqual([]);
  });

  it('notices by itself that the store is away', async () => {
    const { settlement, store } = await start();
    store.down = true;
    await eventually(() => expect(settlement.accepting).toBe(false));
  });

  it('says so before a charge goes to the spool, and puts none there until that was heard', async () => {
    const heard: number[] = [];
    const spooled = async () => {
      const files = await readdir(folder);
      const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
      return sizes.reduce((sum, size) => sum + size, 0);
    };
    const { store, settlement } = await start({
      beforeSpool: async () => {
        await new Promise(setImmediate);
        heard.push(settlement.stats.spoolBytes, await spooled());
      },
    });
    expect(await settlement.charge(aConsumption())).toMatchObject({ durable: 'log' });
    expect(heard).toEqual([]);
    const [empty] = [await spooled()];
    store.down = true;
    expect(await settlement.charge(aConsumption())).toEqual({ durable: 'spool' });
    expect(heard).toEqual([0, empty]);
    store.down = false;
  });

  it('takes an earlier process’s spool into the log when it starts', async () => {
    const log = memoryLog();
    const killed = await start({ log });
    killed.store.down = true;
    const charge = aConsumption();
    expect(await killed.settlement.charge(charge)).toEqual({ durable: 'spool' });
    const next = await start({ log, killedPid: lastPid });
    expect(next.types(charge.call_id)).toEqual(['consumption-recorded']);
    await eventually(() => expect(next.holds.settled).toHaveLength(1));
  });

  it('charges what a killed process spooled once, in each of four budgets', async () => {
    const balance = new InProcessCachedBalance({});
    const budgets = FOUR_BUDGETS;
    await balance.load(budgets.map((budget) => ({ budget, balance: 1_000n, position: -1n, revision: 0n })));
    const log = memoryLog();
    const killed = await start({ log, balance });
    const charge = aConsumption();
    const request = { holdId: charge.call_id, budgets, amount: 500n, atLeast: 500n, guards: [], context: '' };
    expect(await balance.hold(request)).toMatchObject({ outcome: 'held' });
    killed.store.down = true;
    expect(await killed.settlement.charge(charge)).toEqual({ durable: 'spool' });
    const held = () => Promise.all(budgets.map(async (budget) => (await balance.view(budget))?.held));
    expect(await held()).toEqual([500n, 500n, 500n, 500n]);

    const next = await start({ log, balance, killedPid: lastPid });
    await eventually(async () => expect(await held()).toEqual([27n, 27n, 27n, 27n]));
    const later = await start({ log, balance, killedPid: lastPid });
    expect(later.types(charge.call_id)).toEqual(['consumption-recorded']);
    expect(next.settlement.stats.spooledCharges).toBe(0);
    const balances = budgets.map((budget) => ({ budget, balance: 973n, position: 0n }));
    await balance.apply({ position: 0n, balances, resolvedHolds: [charge.call_id] });
    expect(await held()).toEqual([0n, 0n, 0n, 0n]);
  });

  it('corrects a call that a sweeper abandoned while its charge was spooled', async () => {
    const { settlement, store, holds, log, types } = await start();
    store.down = true;
    const charge = aConsumption();
    await settlement.charge(charge);
    const { call_id, started_at } = charge;
    const abandoned = anEvent('call-abandoned', { call_id, started_at, quota: 3n });
    const sweeper = createUsageWriter({
      store: createMemoryEventStore({ log }),
      now: Date.now,
      resolveWithinMs: 1000,
      maxPending: 1,
    });
    await sweeper.end({ event: abandoned, recovered: true });
    store.down = false;
    await eventually(() => expect(types(call_id)).toEqual(['call-abandoned', 'consumption-corrected']));
    await eventually(() => expect(holds.settled).toMatchObject([{ holdId: call_id, charge: 27n }]));
  });

  it('does not accept calls while the spool is full, though the log is there', async () => {
    const { settlement, store } = await start({ maxBytes: 500 });
    store.down = true;
    await settlement.charge(aConsumption());
    expect(settlement.accepting).toBe(false);
    store.down = false;
    await eventually(() => expect(settlement.accepting).toBe(true));
  });

  it('records failed calls as far as the log takes them, and counts the others', async () => {
    const { settlement, store, types } = await start();
    const failed = anEvent('call-failed', { started_at: new Date().toISOString() }).data;
    settlement.fail(failed);
    await eventually(() => expect(types(failed.call_id)).toEqual(['call-failed']));
    store.down = true;
    settlement.fail(anEvent('call-failed').data);
    await eventually(() => expect(settlement.stats.failedCallsDropped).toBe(1));
  });

  it('ends in exactly one charge a call, whatever the store answers and whenever it goes away', async () => {
    const fault = fc.constantFrom<AppendFault>('none', 'stored-unknown', 'lost', 'late', 'unavailable');
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 10 }), fc.nat(3), async (faults, downFor) => {
        const { settlement, store, log, types } = await start();
        store.appendFaults.push(...faults);
        const charges = Array.from({ length: 8 }, () => aConsumption());
        for (const [index, charge] of charges.entries()) {
          store.down = index < downFor;
          const twice = index % 3 === 0 ? [charge, charge] : [charge];
          await Promise.all(twice.map((each) => settlement.charge(each)));
        }
        store.down = false;
        await eventually(() => expect(settlement.stats.spooledCharges).toBe(0), { timeoutMs: 20_000 });
        for (const { call_id } of charges) expect(types(call_id)).toEqual(['consumption-recorded']);
        expect(log.events).toHaveLength(charges.length);
        await settlement.close();
        running.pop();
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});
