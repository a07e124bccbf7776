import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { LedgerInstance } from '../../../src/commands/ledger/expected-log.js';
import type { AppliedEvent, SeenLog } from '../../../src/eventstore/applied-event.js';
import { LogGuard, type LogGuardOptions } from '../../../src/commands/ledger/log-guard.js';
import { tellSealed } from '../../../src/commands/ledger/sealings.js';
import { isOwnStream, paymentStream } from '../../../src/domain/streams.js';
import type { EventStore } from '../../../src/eventstore/event-store.js';
import { guardedEventStore } from '../../../src/eventstore/guarded-event-store.js';
import { createMemoryEventStore } from '../../../src/eventstore/memory/memory-event-store.js';
import { MemoryLog } from '../../../src/eventstore/memory/memory-log.js';
import { Seals } from '../../../src/eventstore/seals.js';
import type { WrongLog } from '../../../src/eventstore/wrong-log.js';
import { createSealKey } from '../../../src/support/seal-key.js';
import { anEvent, append, eventData } from '../../support/events.js';

const now = () => new Date('2026-11-28T11:00:00Z');

interface Tables {
  readonly instance: LedgerInstance;
  readonly applied: readonly AppliedEvent[];
}

/** What a process finds: each of these may be exchanged at any time. */
interface World {
  log: MemoryLog;
  tables: Tables;
  /** What the cached balance or a spool of this ledger has seen. */
  seen: bigint | undefined;
}

const freshTables = (): Tables => ({
  instance: { ledgerId: randomUUID(), logKind: undefined, generation: 0 },
  applied: [],
});

function openGuard(world: World, options: Pick<LogGuardOptions, 'seals' | 'sealedLog' | 'clock'> = {}) {
  const told: (WrongLog | undefined)[] = [];
  const guard = new LogGuard({
    kind: 'eventstoredb',
    readInstance: () => Promise.resolve(world.tables.instance),
    noteLog: ({ kind, generation }) => {
      const { instance } = world.tables;
      world.tables = { ...world.tables, instance: { ...instance, logKind: kind, generation } };
      return Promise.resolve();
    },
    readApplied: () => Promise.resolve(world.tables.applied),
    now,
    ...options,
    onLook: (doubt) => void told.push(doubt),
  });
  guard.addWitness({ name: 'the cached balance', seen: () => Promise.resolve({ position: world.seen }) });
  return { guard, told };
}

const storeOf = (log: MemoryLog): EventStore => createMemoryEventStore({ log });
/** What is behind an address may be another log at any call. */
const behindAnAddress = (current: () => EventStore): EventStore => ({
  atomicity: 'all-writes',
  positions: 'gap-free',
  append: (writes) => current().append(writes),
  readStream: (stream, options) => current().readStream(stream, options),
  readAll: (query) => current().readAll(query),
  head: () => current().head(),
  reaches: (position) => current().reaches(position),
  subscribe: (onAppend) => current().subscribe(onAppend),
  checkHealth: () => current().checkHealth(),
  close: () => current().close(),
});
const copyOf = (log: MemoryLog, events = log.events.length): MemoryLog => {
  const copy = new MemoryLog(now);
  for (const { stream, revision, ...event } of log.events.slice(0, events))
    copy.append([{ stream, expected: revision === 0n ? 'no-stream' : revision - 1n, events: [event] }]);
  return copy;
};
const lastOf = (log: MemoryLog): readonly AppliedEvent[] => log.events.slice(-1);

/** A ledger that has lived: a user and some top-ups, of which an older copy has one less. */
async function aLedger(): Promise<World & { readonly older: World }> {
  const world: World = { log: new MemoryLog(now), tables: freshTables(), seen: undefined };
  await openGuard(world).guard.admit(storeOf(world.log));
  await append(
    storeOf(world.log),
    anEvent('account-registered'),
    anEvent('payment-credited', { payment_id: 'pi_1' }),
  );
  const older: World = {
    log: copyOf(world.log),
    tables: { ...world.tables, applied: lastOf(world.log) },
    seen: world.log.events.at(-1)?.position,
  };
  await append(storeOf(world.log), anEvent('payment-credited', { payment_id: 'pi_2' }));
  const { log } = world;
  return {
    log,
    tables: { ...world.tables, applied: lastOf(log) },
    seen: log.events.at(-1)?.position,
    older,
  };
}

const states = ['right', 'older', 'empty', "another's"] as const;
type State = (typeof states)[number];
interface Cell {
  readonly log: State;
  readonly tables: State;
  readonly seen: State;
  readonly when: 'at start' | 'while running';
}
const cells: readonly Cell[] = states.flatMap((log) =>
  states.flatMap((tables) =>
    states.flatMap((seen) =>
      (['at start', 'while running'] as const).map((when) => ({ log, tables, seen, when })),
    ),
  ),
);

/** Whether money may move: nothing that anybody of this ledger knows of is missing. Said from the names alone. */
function mayMove({ log, tables, seen, when }: Cell): boolean {
  const isOurs = tables === 'right' || tables === 'older';
  if (when === 'while running') return isOurs && log === 'right';
  if (isOurs) return log === 'right' || (log === 'older' && tables === 'older' && seen !== 'right');
  // Another ledger with its own log, or a new one: what this one has seen is nothing to them.
  return tables === log;
}

it.each(['appended', 'read'] as const)(
  'an older log is not the right one when others have grown it past what was %s',
  async (how) => {
    const { older, ...right } = await aLedger();
    const { log, tables } = right;
    const world: World = { ...right, seen: undefined };
    const { guard } = openGuard(world);
    let current = log;
    const behind = behindAnAddress(() => storeOf(current));
    const store = guardedEventStore(behind, guard, { isOurs: isOwnStream });
    await guard.admit(behind);
    if (how === 'read') await store.readAll({ after: -1n, limit: 100 });
    else await append(store, anEvent('payment-credited', { payment_id: 'pi_3' }));
    // Everything but this process is older, and somebody who knows of nothing goes on with it.
    current = older.log;
    world.tables = { ...tables, applied: lastOf(older.log) };
    for (const payment_id of ['pi_7', 'pi_8', 'pi_9'])
      await append(storeOf(older.log), anEvent('payment-credited', { payment_id }));
    await expect(guard.admit(behind)).rejects.toMatchObject({ reason: 'older' });
    current = log;
    world.tables = tables;
    await guard.admit(behind);
    expect(guard.doubt).toBeUndefined();
  },
);

it('a log is known by an event of ours, whatever others wrote behind it, and took away again', async () => {
  const { log, ...rest } = await aLedger();
  const { guard } = openGuard({ log, ...rest });
  const foreign = { id: randomUUID(), type: 'OrderPlaced', data: {}, metadata: {} };
  const shared = copyOf(log);
  shared.append([{ stream: 'orders-1', expected: 'no-stream', events: [foreign] }]);
  let current = shared;
  const behind: EventStore = { ...behindAnAddress(() => storeOf(current)), positions: 'ascending' };
  const store = guardedEventStore(behind, guard, { isOurs: isOwnStream });
  await guard.admit(behind);
  const { events } = await store.readAll({ after: -1n, limit: 100, withPassedOver: true });
  expect(events.at(-1)).toMatchObject({ stream: 'orders-1', passedOver: 'foreign' });
  expect(guard.known.last).toMatchObject({ id: log.events.at(-1)?.id });
  await guard.admit(store);
  current = copyOf(log);
  const another = { ...foreign, id: randomUUID() };
  current.append([{ stream: 'orders-2', expected: 'no-stream', events: [another] }]);
  await guard.admit(store);
  expect(guard.doubt).toBeUndefined();
});

describe('what a process finds', () => {
  it.each(cells)('$when: the log $log, the tables $tables, the cache $seen', async (cell) => {
    const { older, ...right } = await aLedger();
    const another = await aLedger();
    const found: Record<State, World> = {
      right,
      older,
      empty: { log: new MemoryLog(now), tables: freshTables(), seen: undefined },
      "another's": another,
    };
    const world: World = { ...right };
    const { guard, told } = openGuard(world);
    let log = world.log;
    const store = guardedEventStore(
      behindAnAddress(() => storeOf(log)),
      guard,
      { isOurs: isOwnStream },
    );
    if (cell.when === 'while running') {
      await guard.admit(storeOf(log));
      await store.readAll({ after: -1n, limit: 100 });
    }
    log = found[cell.log].log;
    world.tables = found[cell.tables].tables;
    // A cache of another ledger has other names, and nothing is found under ours.
    const seesOurs = cell.tables === 'right' || cell.tables === 'older';
    world.seen = seesOurs && cell.seen !== "another's" ? found[cell.seen].seen : undefined;
    const before = [...log.events];

    const admitted = await guard.admit(storeOf(log)).then(
      () => true,
      () => false,
    );

    expect(admitted).toBe(mayMove(cell));
    const payment = anEvent('payment-credited', { payment_id: 'pi_2' });
    if (admitted) return expect(guard.doubt).toBeUndefined();
    expect(told.at(-1)).toBe(guard.doubt);
    expect(guard.doubt?.message).toMatch(/expected .* found /);
    await expect(append(store, payment)).rejects.toMatchObject({ name: 'WrongLog' });
    const write = { stream: 'payment-x', expected: 'no-stream' as const, events: [] };
    expect(await store.append([write])).toMatchObject({ outcome: 'unavailable', cause: guard.doubt });
    expect(log.events).toEqual(before);
  });
});

describe('the right log, when it is back,', () => {
  it('is used again, and whoever was told of the other is told', async () => {
    const { older, ...world } = await aLedger();
    const { guard, told } = openGuard(world);
    await guard.admit(storeOf(world.log));
    await expect(guard.admit(storeOf(older.log))).rejects.toMatchObject({ reason: 'older' });
    await guard.admit(storeOf(world.log));
    expect(guard.doubt).toBeUndefined();
    expect(told.map((doubt) => doubt?.reason)).toEqual([undefined, 'older', undefined]);
  });
});

describe('a ledger', () => {
  it('is founded once by many processes at once, and by none again', async () => {
    const world: World = { log: new MemoryLog(now), tables: freshTables(), seen: undefined };
    await Promise.all(Array.from({ length: 8 }, () => openGuard(world).guard.admit(storeOf(world.log))));
    await openGuard(world).guard.admit(storeOf(world.log));
    expect(world.log.events.map(({ type }) => type)).toEqual(['ledger-founded.v1']);
    expect(world.tables.instance.logKind).toBe('eventstoredb');
  });

  it('of before logs said who they are is founded in the log that its tables were made of, and in no other', async () => {
    const unfounded = new MemoryLog(now);
    await append(storeOf(unfounded), anEvent('account-registered'));
    const applied = lastOf(unfounded);
    const world: World = { log: unfounded, tables: { ...freshTables(), applied }, seen: undefined };
    const other = new MemoryLog(now);
    await append(storeOf(other), anEvent('account-registered'));
    await expect(openGuard(world).guard.admit(storeOf(other))).rejects.toMatchObject({ reason: 'older' });
    expect(other.events).toHaveLength(1);
    await openGuard(world).guard.admit(storeOf(unfounded));
    expect(unfounded.events.map(({ type }) => type)).toContain('ledger-founded.v1');
  });

  it('is not founded in a log whose events its database knows nothing of', async () => {
    const unfounded = new MemoryLog(now);
    await append(storeOf(unfounded), anEvent('account-registered'));
    const world: World = { log: unfounded, tables: freshTables(), seen: undefined };
    await expect(openGuard(world).guard.admit(storeOf(unfounded))).rejects.toMatchObject({
      reason: 'not-founded',
    });
    expect(unfounded.events).toHaveLength(1);
  });

  it('does not go over to a copy of its log before its tables have', async () => {
    const world = await aLedger();
    const { instance } = world.tables;
    const [copy_id, ledger_id] = [randomUUID(), instance.ledgerId];
    const said = { ledger_id, copy_id, from: 'eventstoredb' as const, by: 'operator:alice' };
    const store = storeOf(world.log);
    await append(store, anEvent('log-copy-begun', said));
    await append(store, anEvent('log-copied', { ...said, generation: 1 }));
    await expect(openGuard(world).guard.admit(store)).rejects.toMatchObject({
      reason: 'unfinished-copy',
      message: expect.stringContaining('counterfoil log copy'),
    });
    expect(world.tables.instance).toEqual(instance);
    world.tables = { ...world.tables, instance: { ...instance, generation: 1 } };
    await openGuard(world).guard.admit(store);
  });

  it('stays where its log is kept', async () => {
    const world = await aLedger();
    world.tables = { ...world.tables, instance: { ...world.tables.instance, logKind: 'postgres' } };
    await expect(openGuard(world).guard.admit(storeOf(world.log))).rejects.toMatchObject({
      reason: 'another-kind',
      message: expect.stringContaining('EVENTSTORE_URL'),
    });
  });
});

describe('who has seen more than the log has', () => {
  it('is taken at their last word while they cannot be asked, and not once they say otherwise', async () => {
    const { older, log, tables, seen } = await aLedger();
    const world: World = { log, tables, seen: undefined };
    const { guard } = openGuard(world);
    let word: () => Promise<SeenLog> = () => Promise.resolve({ position: seen });
    guard.addWitness({ name: 'the spool', seen: () => word() });
    await guard.admit(storeOf(log));

    Object.assign(world, { log: older.log, tables: older.tables });
    const admitted = guard.admit(storeOf(older.log));
    await expect(admitted).rejects.toMatchObject({ reason: 'older' });
    word = () => Promise.reject(new Error('it does not answer'));
    const again = guard.admit(storeOf(older.log));
    await expect(again).rejects.toMatchObject({
      reason: 'older',
      message: expect.stringContaining('where the spool has seen it'),
    });
    word = () => Promise.resolve({});
    await guard.admit(storeOf(older.log));
    word = () => Promise.reject(new Error('it does not answer'));
    await guard.admit(storeOf(older.log));
  });
});

it.each(['the cached balance', 'the spool'])(
  'a process that knows of nothing takes no older log that has grown past what %s has seen',
  async (name) => {
    const { older, log, tables, seen: position } = await aLedger();
    const [last] = lastOf(log);
    for (const payment_id of ['pi_7', 'pi_8', 'pi_9'])
      await append(storeOf(older.log), anEvent('payment-credited', { payment_id }));
    const begun = (world: World, known: SeenLog) => {
      const { guard } = openGuard({ ...world, seen: undefined });
      guard.addWitness({ name, seen: () => Promise.resolve(known) });
      return guard.admit(storeOf(world.log));
    };
    const grown = { ...older, tables: { ...older.tables, applied: lastOf(older.log) } };
    await expect(begun(grown, { position, last })).rejects.toMatchObject({ reason: 'older' });
    await begun({ log, tables, seen: position }, { position, last });
  },
);

describe('what one process has seen', () => {
  /** The cached balance, as far as it keeps that. */
  const memory = () => {
    let kept: SeenLog = {};
    const tell = (seen: SeenLog) => Promise.resolve(void (kept = seen));
    return { name: 'another process', seen: () => Promise.resolve(kept), tell };
  };
  const openWith = (world: World, witness: ReturnType<typeof memory>) => {
    const { guard } = openGuard({ ...world, seen: undefined });
    guard.addWitness(witness);
    return guard;
  };

  it('keeps another one that has seen nothing from an older copy, from when it is met', async () => {
    const { older, log, tables, seen } = await aLedger();
    const witness = memory();
    const knowing = openWith(older, witness);
    knowing.saw(seen ?? 0n, lastOf(log)[0]);
    await expect(knowing.admit(storeOf(older.log))).rejects.toMatchObject({ reason: 'older' });
    const begins = () => openWith(older, witness).admit(storeOf(older.log));
    await expect(begins()).rejects.toMatchObject({
      reason: 'older',
      message: expect.stringContaining('where another process has seen it'),
    });
    for (const payment_id of ['pi_7', 'pi_8', 'pi_9'])
      await append(storeOf(older.log), anEvent('payment-credited', { payment_id }));
    await expect(begins()).rejects.toMatchObject({
      reason: 'older',
      message: expect.stringContaining('the event that another process has seen last'),
    });
    await openWith({ log, tables, seen }, witness).admit(storeOf(log));
  });

  it('is not told of a log that others know otherwise', async () => {
    const { older, log, tables, seen } = await aLedger();
    const witness = memory();
    const misled = openWith(older, witness);
    await misled.admit(storeOf(older.log));
    for (const payment_id of ['pi_7', 'pi_8', 'pi_9'])
      await append(storeOf(older.log), anEvent('payment-credited', { payment_id }));
    const [grown] = lastOf(older.log);
    misled.saw(grown?.position ?? 0n, grown);
    await witness.tell({ position: seen, last: lastOf(log)[0] });
    await expect(misled.admit(storeOf(older.log))).rejects.toMatchObject({ reason: 'older' });
    expect(await witness.seen()).toMatchObject({ position: seen });
    await openWith({ log, tables, seen }, witness).admit(storeOf(log));
  });
});

describe('a process whose clock is wrong', () => {
  it('reads and writes nothing from the moment it was set, until it is right again', async () => {
    const world = await aLedger();
    let fault: string | undefined;
    let compared = 0;
    const clock = {
      get fault() {
        return fault;
      },
      compare: () => Promise.resolve(void (compared += 1)),
    };
    const { guard, told } = openGuard(world, { clock });
    const store = guardedEventStore(storeOf(world.log), guard, { isOurs: isOwnStream });
    await guard.admit(storeOf(world.log));
    expect(compared).toBe(1);
    fault = 'the clock of this process was set';
    expect(guard.doubt).toMatchObject({
      reason: 'another-clock',
      message: expect.stringContaining(`${fault}: what is written now would be dated wrongly`),
    });
    const events = [eventData(anEvent('payment-credited'))];
    const refused = await store.append([
      { stream: paymentStream(randomUUID()), expected: 'no-stream', events },
    ]);
    expect(refused).toMatchObject({ outcome: 'unavailable', cause: { reason: 'another-clock' } });
    await expect(store.head()).rejects.toMatchObject({ reason: 'another-clock' });
    await expect(guard.admit(storeOf(world.log))).rejects.toMatchObject({ reason: 'another-clock' });
    fault = undefined;
    await guard.admit(storeOf(world.log));
    expect(guard.doubt).toBeUndefined();
    expect(told.map((doubt) => doubt?.reason)).toEqual([undefined, 'another-clock', undefined]);
    await expect(store.head()).resolves.toBe(world.log.events.at(-1)?.position);
  });
});

describe('a log that must be sealed', () => {
  const key = (byte: number) => createSealKey(Buffer.alloc(32, byte));
  const seals = new Seals(key(1));
  const required = { seals, sealedLog: 'required' as const };
  const sealedStore = (log: MemoryLog, by = seals) => createMemoryEventStore({ log, seals: by });
  const typesIn = (log: MemoryLog) => log.events.map(({ type }) => type);

  async function aSealedLedger(): Promise<World> {
    const world: World = { log: new MemoryLog(now), tables: freshTables(), seen: undefined };
    await openGuard(world, required).guard.admit(sealedStore(world.log));
    return world;
  }

  it('says so when it is founded, and is known again', async () => {
    const world = await aSealedLedger();
    expect(typesIn(world.log)).toEqual(['ledger-founded.v1', 'ledger-sealed.v1']);
    const { guard } = openGuard(world, required);
    await guard.admit(sealedStore(world.log));
    expect(guard.ledger?.sealings).toEqual([
      { keyId: undefined, position: -1n },
      { keyId: seals.keyId, position: 1n },
    ]);
    expect(typesIn(world.log)).toHaveLength(2);
  });

  it('says so by itself, while one from before need not', async () => {
    const sealing = { seals, sealedLog: 'new' as const };
    const world: World = { log: new MemoryLog(now), tables: freshTables(), seen: undefined };
    await openGuard(world, sealing).guard.admit(sealedStore(world.log));
    expect(typesIn(world.log)).toEqual(['ledger-founded.v1', 'ledger-sealed.v1']);
    const before = await aLedger();
    const { guard } = openGuard(before, sealing);
    await guard.admit(sealedStore(before.log));
    expect(guard.ledger?.sealings).toEqual([]);
  });

  it('is a wrong one where it does not say so, with what to do', async () => {
    const world = await aLedger();
    await expect(openGuard(world, required).guard.admit(sealedStore(world.log))).rejects.toMatchObject({
      reason: 'not-sealed',
      message: expect.stringContaining('counterfoil log seal'),
    });
    await openGuard(world, { seals }).guard.admit(sealedStore(world.log));
  });

  it('names an event that somebody else put in, and is not trusted before a person has looked', async () => {
    const world = await aSealedLedger();
    const { guard, told } = openGuard(world, required);
    const store = guardedEventStore(sealedStore(world.log), guard, { isOurs: isOwnStream });
    await guard.admit(sealedStore(world.log));
    await append(store, anEvent('payment-credited', { payment_id: 'pi_1' }));
    await store.readAll({ after: -1n, limit: 100 });
    await append(storeOf(world.log), anEvent('payment-credited', { payment_id: 'pi_2' }));
    await expect(store.readAll({ after: 2n, limit: 100 })).rejects.toMatchObject({
      reason: 'altered',
      message: expect.stringMatching(/position 3 \(payment-credited.* found that it has no seal/),
    });
    await guard.admit(sealedStore(world.log));
    expect(told.map((doubt) => doubt?.reason)).toEqual([undefined, 'altered', 'altered']);
    await expect(append(store, anEvent('payment-credited', { payment_id: 'pi_3' }))).rejects.toMatchObject({
      name: 'WrongLog',
    });
  });

  it('is not talked out of it by an event that says to skip another one', async () => {
    const world = await aSealedLedger();
    await append(storeOf(world.log), anEvent('event-skipped'));
    await expect(openGuard(world, required).guard.admit(sealedStore(world.log))).rejects.toMatchObject({
      reason: 'altered',
      message: expect.stringContaining('event-skipped.v1'),
    });
  });

  it('is sealed with another key once it says so, and with the one of before no more', async () => {
    const world = await aSealedLedger();
    const rotated = new Seals(key(2), [key(1)]);
    const store = sealedStore(world.log, rotated);
    const { ledgerId } = world.tables.instance;
    for (const isNew of [true, false])
      expect(
        await tellSealed(store, { ledgerId, keyId: rotated.keyId }, { actor: 'cli', requestId: 'cli' }),
      ).toBe(isNew);
    await openGuard(world, { ...required, seals: rotated }).guard.admit(store);
    expect(typesIn(world.log)).toEqual(['ledger-founded.v1', 'ledger-sealed.v1', 'ledger-sealed.v1']);
    // Whoever still has the key of before can write nothing that counts.
    await append(
      sealedStore(world.log),
      anEvent('log-accepted', { ledger_id: world.tables.instance.ledgerId }),
    );
    await expect(openGuard(world, { ...required, seals: rotated }).guard.admit(store)).rejects.toMatchObject({
      reason: 'altered',
      message: expect.stringContaining('though the key there is'),
    });
  });
});
