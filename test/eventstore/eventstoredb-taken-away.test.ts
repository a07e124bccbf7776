import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { guardedEventStore } from '../../src/eventstore/guarded-event-store.js';
import { NOTHING_SKIPPED } from '../../src/eventstore/skipped-places.js';
import type { WrongLog } from '../../src/eventstore/wrong-log.js';
import { eventually } from '../support/eventually.js';
import { startEventStoreStandIn, type EventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';
import { StandInLog } from '../support/eventstoredb-stand-in/log.js';

const isOurs = (stream: string) => stream.startsWith('payment-');
const event = () => ({ id: randomUUID(), type: 'payment-credited.v1', data: { quota: '5' }, metadata: {} });

describe('what an operator of EventStoreDB takes away', () => {
  let log: StandInLog;
  let standIn: EventStoreStandIn;
  let operator: EventStoreDBClient;
  let store: EventStore;
  let doubts: WrongLog[];
  let stream: string;

  beforeEach(async () => {
    log = new StandInLog();
    standIn = await startEventStoreStandIn({ log });
    operator = EventStoreDBClient.connectionString(standIn.connectionString);
    doubts = [];
    const adapter = createEventStoreDb({
      connectionString: standIn.connectionString,
      deadlineMs: 5_000,
      ours: { isOurs, prefixes: ['payment-'] },
    });
    const distrust = (fault: WrongLog) => void doubts.push(fault);
    const trust = {
      doubt: undefined,
      saw: () => undefined,
      sealFault: () => undefined,
      skipped: NOTHING_SKIPPED,
      distrust,
    };
    store = guardedEventStore(adapter, trust, { isOurs });
    stream = `payment-${randomUUID()}`;
    for (const expected of ['no-stream', 0n] as const)
      expect(await append(expected)).toMatchObject({ outcome: 'appended' });
  });
  afterEach(async () => {
    await store.close();
    await operator.dispose();
    await standIn.close();
  });

  const append = (expected: 'no-stream' | bigint) => store.append([{ stream, expected, events: [event()] }]);
  const read = () => store.readStream(stream, { limit: 100 });
  const readAll = () => store.readAll({ after: -1n, limit: 1_000 });
  const isAltered = { reason: 'altered', message: expect.stringContaining(`every event of payment-`) };

  it('a deleted stream is no new one: a second payment is not credited in silence', async () => {
    await operator.deleteStream(stream);

    expect(await read()).toEqual([]);
    expect(await append('no-stream')).toMatchObject({ outcome: 'unknown', cause: isAltered });
    expect(doubts).toMatchObject([isAltered]);
  });

  const limits: [string, { maxCount?: number; maxAge?: number; truncateBefore?: number }][] = [
    ['$maxCount', { maxCount: 1 }],
    ['$maxAge', { maxAge: 86_400 }],
    ['$tb', { truncateBefore: 1 }],
  ];
  it.each(limits)('%s on a stream of ours is found by whoever reads the log on', async (name, metadata) => {
    await operator.setStreamMetadata(stream, metadata);
    await expect(readAll()).rejects.toMatchObject(isAltered);
    expect(doubts[0]?.message).toContain(`(${name} `);
  });

  it.each([
    ['a deletion', () => operator.deleteStream(stream), 'it was deleted, which'],
    ['a tombstone', () => operator.tombstoneStream(stream), 'it was deleted for good'],
  ])('%s is found by whoever reads the log on, also after a scavenge', async (_what, take, words) => {
    await take();
    await expect(readAll()).rejects.toMatchObject(isAltered);
    log.scavenge();
    await expect(readAll()).rejects.toMatchObject({ message: expect.stringContaining(words) });
  });

  it.each([
    ['read', () => read()],
    ['append', () => append(1n)],
  ])('a tombstone is found by the next %s', async (_how, next) => {
    await operator.tombstoneStream(stream);
    await next().catch(() => undefined);
    expect(doubts).toMatchObject([isAltered]);
  });

  it.each([
    ['$maxCount', { maxCount: 1 }, 'begins with revision 1'],
    ['$tb', { truncateBefore: 1 }, 'begins with revision 1'],
  ])('a stream that begins late (%s) is folded by nobody', async (_name, metadata, words) => {
    await operator.setStreamMetadata(stream, metadata);
    await expect(read()).rejects.toMatchObject({ message: expect.stringContaining(words) });
  });

  it('a stream whose events are all too old ends in words, not in conflicts without end', async () => {
    await operator.setStreamMetadata(stream, { maxAge: 1 });
    await eventually(async () => expect(await read()).toEqual([]), { timeoutMs: 10_000, intervalMs: 100 });
    await eventually(
      async () =>
        expect(await append('no-stream')).toMatchObject({ outcome: 'unavailable', cause: isAltered }),
      { timeoutMs: 10_000, intervalMs: 100 },
    );
  }, 30_000);

  it.each([
    ['metadata that limits nothing', async () => operator.setStreamMetadata(stream, { acl: {}, note: 'x' })],
    ['a limit on a stream of others', async () => operator.setStreamMetadata('orders-1', { maxCount: 1 })],
    [
      'a limit that was taken back',
      async () => {
        await operator.setStreamMetadata(stream, { maxCount: 1 });
        await operator.setStreamMetadata(stream, {});
      },
    ],
    [
      'a deletion of a stream of others',
      async () => {
        await operator.appendToStream('orders-1', jsonEvent({ type: 'ordered', data: {} }));
        await operator.tombstoneStream('orders-1');
      },
    ],
  ])('%s stops nobody', async (_what, act) => {
    await act();
    const { events } = await readAll();
    expect(events.map(({ revision }) => revision)).toEqual([0n, 1n]);
    expect(doubts).toEqual([]);
  });

  it('the end of the log is found whatever the name of its stream begins with: the server compares as people do', async () => {
    stream = `payment-\u0301${randomUUID()}`;
    const { position } = (await append('no-stream')) as { position: bigint };
    expect(await store.head()).toBe(position);
  });

  it('the end of the log is that of our own events, however many of others come behind it', async () => {
    const last = await store.head();
    for (let count = 0; count < 30; count++)
      await operator.appendToStream(
        'orders-1',
        Array.from({ length: 200 }, () => jsonEvent({ type: 'ordered', data: {} })),
      );
    expect(await store.head()).toBe(last);
    log.scavenge();
    log.writeSystemEvents(10_000);
    expect(await store.head()).toBe(last);
  });
});
