import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EventStoreUnavailable, type EventStore, type EventData } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { guardedEventStore } from '../../src/eventstore/guarded-event-store.js';
import { NOTHING_SKIPPED } from '../../src/eventstore/skipped-places.js';
import { appended, event, events, newStream } from '../support/event-store-contract/setup.js';
import { eventually } from '../support/eventually.js';
import {
  startEventStoreStandIn,
  type EventStoreStandIn,
  type StandInOptions,
} from '../support/eventstoredb-stand-in/index.js';

const DEADLINE_MS = 500;
/** For what is to come to its end before a deadline, however busy the machine is. */
const LONG_DEADLINE_MS = 20_000;
/** What a loaded machine may add to a deadline; without one nothing here would ever end. */
const SLACK_MS = 15_000;

async function timed<T>(work: Promise<T>): Promise<{ answer: T; tookMs: number }> {
  const from = performance.now();
  return { answer: await work, tookMs: performance.now() - from };
}

describe('the EventStoreDB adapter when the server is at fault', () => {
  let standIn: EventStoreStandIn;
  let store: EventStore;
  const open = (deadlineMs = DEADLINE_MS) =>
    createEventStoreDb({ connectionString: standIn.connectionString, deadlineMs });
  /** The first call makes the connection, for which a loaded machine may take longer than the deadline. */
  const connected = async (client: EventStore) => {
    const write = { stream: newStream(), expected: 'no-stream' as const, events: events(1) };
    await eventually(async () => (await client.append([write])).outcome === 'appended');
  };
  /** The same store on another server, which has its own ways. */
  const restartWith = async (options: StandInOptions) => {
    await store.close();
    await standIn.close();
    standIn = await startEventStoreStandIn(options);
    store = open();
    await connected(store);
  };
  /** For tests in which the deadline has to be another one. */
  const withDeadline = async (deadlineMs: number) => {
    await store.close();
    store = open(deadlineMs);
    await connected(store);
  };
  const storedIn = async (stream: string) => (await readBack(stream)).length;
  /** What is there, once the store answers in time. */
  const readBack = (stream: string) => eventually(() => store.readStream(stream, { limit: 100 }));
  /** Repeats an append until it is known, as whoever writes does. */
  const stored = (stream: string, batch: readonly EventData[]) =>
    eventually(async () => {
      const outcome = await store.append([{ stream, expected: 'no-stream', events: batch }]);
      if (outcome.outcome !== 'appended') throw new Error(outcome.outcome);
      return outcome;
    });

  // What a process does at its first call (reading and compiling the client) is not what the deadline is for.
  beforeAll(async () => {
    standIn = await startEventStoreStandIn();
    const patient = open(30_000);
    await appended(patient, newStream(), 'no-stream', events(1));
    await patient.close();
    await standIn.close();
  });
  beforeEach(async () => {
    standIn = await startEventStoreStandIn();
    store = open();
    await connected(store);
  });
  afterEach(async () => {
    await store.close();
    await standIn.close();
  });

  it('silent: every call ends at the deadline, and nothing is believed to be stored', async () => {
    const stream = newStream();
    standIn.fault('silent');

    const append = await timed(store.append([{ stream, expected: 'no-stream', events: [event()] }]));
    const reads = await timed(
      Promise.allSettled([
        store.readStream(stream, { limit: 1 }),
        store.readAll({ after: -1n, limit: 1 }),
        store.head(),
        store.checkHealth(),
      ]),
    );
    standIn.fault('none');

    expect(append.answer.outcome).toBe('unknown');
    expect(append.tookMs).toBeLessThan(DEADLINE_MS + SLACK_MS);
    for (const read of reads.answer) {
      expect(read).toMatchObject({ status: 'rejected', reason: expect.any(EventStoreUnavailable) });
    }
    expect(reads.tookMs).toBeLessThan(DEADLINE_MS + SLACK_MS);
    await stored(stream, events(1));
  });

  it('trickle: a page of the log is not given up while its events come, a stream of a command is', async () => {
    const [deadlineMs, delayMs] = [2_000, 450];
    await withDeadline(deadlineMs);
    const stream = newStream();
    await stored(stream, events(5));
    standIn.fault('trickle', { delayMs });

    const page = await timed(store.readAll({ after: -1n, limit: 100 }));
    const hurried = await Promise.allSettled([store.readStream(stream, { limit: 100 })]);

    expect(page.tookMs).toBeGreaterThan(deadlineMs);
    expect(page.answer.atEnd).toBe(true);
    expect(page.answer.events).toHaveLength(7);
    expect(hurried).toMatchObject([{ status: 'rejected', reason: expect.any(EventStoreUnavailable) }]);
  });

  it('half-closed: ends within the deadline, and works again afterwards', async () => {
    const stream = newStream();
    const batch = events(2);
    standIn.fault('half-closed');

    const { answer, tookMs } = await timed(store.append([{ stream, expected: 'no-stream', events: batch }]));
    await expect(store.readStream(stream, { limit: 1 })).rejects.toThrow(EventStoreUnavailable);
    standIn.fault('none');

    expect(['unknown', 'unavailable']).toContain(answer.outcome);
    expect(tookMs).toBeLessThan(DEADLINE_MS + SLACK_MS);
    await eventually(() => store.checkHealth().then(() => true));
    await stored(stream, batch);
    expect(await storedIn(stream)).toBe(2);
  });

  it('frozen: an append is made again on a new connection, within its deadline, and the next ones have that at once', async () => {
    const deadlineMs = 4_000;
    await withDeadline(deadlineMs);
    const stream = newStream();
    const batch = events(1);
    standIn.fault('frozen');

    const first = await timed(store.append([{ stream, expected: 'no-stream', events: batch }]));
    const { connections } = standIn;
    const again = await store.append([{ stream, expected: 'no-stream', events: batch }]);

    expect(first.answer.outcome).toBe('appended');
    expect(first.tookMs).toBeLessThan(deadlineMs + SLACK_MS);
    expect(again).toEqual(first.answer);
    expect(standIn.connections).toBe(connections);
    expect(await storedIn(stream)).toBe(1);
  });

  it('frozen: the new connection is not the dead one that another store still holds', async () => {
    await withDeadline(4_000);
    const holding = open(LONG_DEADLINE_MS);
    await holding.checkHealth();
    standIn.fault('frozen');
    await expect(store.checkHealth()).rejects.toThrow(EventStoreUnavailable);

    await expect(store.checkHealth()).resolves.toBeUndefined();

    await holding.close();
  });

  it('slow within the deadline: appended', async () => {
    await withDeadline(LONG_DEADLINE_MS);
    standIn.fault('slow', { delayMs: 50 });

    await appended(store, newStream(), 'no-stream', events(1));
  });

  it('slow beyond the deadline: unknown, and repeating the same ids leaves one copy', async () => {
    const stream = newStream();
    const batch = events(2);
    standIn.fault('slow', { delayMs: DEADLINE_MS * 2 });

    const outcome = await store.append([{ stream, expected: 'no-stream', events: batch }]);
    standIn.fault('none');
    await stored(stream, batch);

    expect(outcome.outcome).toBe('unknown');
    expect(await storedIn(stream)).toBe(2);
  });

  it('dropped before the acknowledgement: unknown, and repeating the same ids leaves one copy', async () => {
    const stream = newStream();
    const batch = events(1);
    standIn.fault('drop-ack', { times: 1 });

    const first = await store.append([{ stream, expected: 'no-stream', events: batch }]);
    const again = await stored(stream, batch);

    const found = await readBack(stream);
    expect(first.outcome).toBe('unknown');
    expect(found.map(({ id, position }) => [id, position])).toEqual([[batch[0]?.id, again.position]]);
  });

  it('dropped at the second of two writes: repeating both completes them', async () => {
    const writes = [newStream(), newStream()].map((stream) => ({
      stream,
      expected: 'no-stream' as const,
      events: events(1),
    }));
    standIn.fault('drop-ack', { times: 1, after: 1 });

    const first = await store.append(writes);
    expect(first.outcome).toBe('unknown');
    await eventually(async () =>
      expect(await store.append(writes)).toMatchObject({ outcome: 'appended', revisions: [0n, 0n] }),
    );
    for (const { stream } of writes) expect(await storedIn(stream)).toBe(1);
  });

  it('dropped under many appends at once: each repeated until it is known, each there once', async () => {
    standIn.fault('drop-ack', { times: 3, after: 5 });
    const streams = Array.from({ length: 40 }, () => newStream());

    await Promise.all(
      streams.map(async (stream) => {
        const writes = [{ stream, expected: 'no-stream' as const, events: events(2) }];
        await eventually(async () => (await store.append(writes)).outcome === 'appended');
      }),
    );

    for (const stream of streams) expect(await storedIn(stream)).toBe(2);
  });

  it('restarted again and again under writers: every stream ends with exactly its events, in order', async () => {
    let known = 0;
    let restarts = Promise.resolve();
    const streams = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const stream = newStream();
        for (let turn = 0; turn < 10; turn++) {
          const expected = turn === 0 ? ('no-stream' as const) : BigInt(turn - 1);
          const writes = [{ stream, expected, events: [event({ turn })] }];
          await eventually(async () => (await store.append(writes)).outcome === 'appended');
          known += 1;
          if (known % 15 === 0) restarts = restarts.then(() => standIn.restart());
        }
        return stream;
      }),
    );
    await restarts;

    await eventually(() => store.checkHealth().then(() => true));
    for (const stream of streams) {
      const found = await readBack(stream);
      expect(found.map(({ data }) => data['turn'])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });

  it('refused: unavailable with the reason, and nothing is stored', async () => {
    await withDeadline(LONG_DEADLINE_MS);
    const stream = newStream();
    standIn.fault('denied');

    const outcome = await store.append([{ stream, expected: 'no-stream', events: [event()] }]);
    await expect(store.head()).rejects.toThrow(EventStoreUnavailable);
    standIn.fault('none');

    expect(outcome).toMatchObject({ outcome: 'unavailable', cause: { type: 'access-denied' } });
    expect(await storedIn(stream)).toBe(0);
  });

  it('refused at the second of two writes: unknown, since the first is stored', async () => {
    await withDeadline(LONG_DEADLINE_MS);
    const [one, two] = [newStream(), newStream()];
    const writes = [one, two].map((stream) => ({
      stream,
      expected: 'no-stream' as const,
      events: events(1),
    }));
    standIn.fault('denied', { after: 1 });

    const outcome = await store.append(writes);
    standIn.fault('none');

    expect(outcome.outcome).toBe('unknown');
    expect([await storedIn(one), await storedIn(two)]).toEqual([1, 0]);
    expect((await store.append(writes)).outcome).toBe('appended');
  });

  it('a repeat whose place cannot be read is not called unavailable', async () => {
    const stream = newStream();
    const batch = events(1);
    await restartWith({ positionsInRepeats: false });
    await withDeadline(LONG_DEADLINE_MS);
    await appended(store, stream, 'no-stream', batch);
    // The stand-in leaves the position out of a repeat; the look-up after it is refused.
    standIn.fault('denied', { after: 1 });

    const outcome = await store.append([{ stream, expected: 'no-stream', events: batch }]);

    expect(outcome.outcome).toBe('unknown');
  });

  it('away: unavailable long before the deadline; back again: the same store works', async () => {
    await store.close();
    store = open(20_000);
    await appended(store, newStream(), 'no-stream', events(1));
    const stream = newStream();
    const batch = events(1);
    await standIn.stop();

    const away = await timed(
      (async () => {
        const outcomes = [];
        for (let turn = 0; turn < 20; turn++) {
          outcomes.push(await store.append([{ stream, expected: 'no-stream', events: batch }]));
        }
        return outcomes;
      })(),
    );
    await expect(store.checkHealth()).rejects.toThrow(EventStoreUnavailable);
    await standIn.restart();

    // The first may have been on its way when the connection ended.
    expect(new Set(away.answer.slice(1).map(({ outcome }) => outcome))).toEqual(new Set(['unavailable']));
    // One alone would have taken its deadline.
    expect(away.tookMs).toBeLessThan(20_000);
    await eventually(
      async () =>
        (await store.append([{ stream, expected: 'no-stream', events: batch }])).outcome === 'appended',
    );
    expect(await storedIn(stream)).toBe(1);
  });

  describe('the doorbell', () => {
    let other: EventStore;
    let rings: number;
    const ringsFor = async (append: () => Promise<unknown>) => {
      const before = rings;
      await append();
      await eventually(() => rings > before);
    };
    const appendByOther = () =>
      eventually(async () => {
        const outcome = await other.append([
          { stream: newStream(), expected: 'no-stream', events: [event()] },
        ]);
        return outcome.outcome === 'appended';
      });

    beforeEach(async () => {
      rings = 0;
      other = open();
      store.subscribe(() => (rings += 1));
      await ringsFor(appendByOther);
    });
    afterEach(() => other.close());

    it('rings again after a restart, once at least for what was missed', async () => {
      await standIn.stop();
      const before = rings;
      await standIn.restart();

      await eventually(() => rings > before);
      await ringsFor(appendByOther);
    });

    it('rings again after the server ended the subscription', async () => {
      const before = rings;
      standIn.endSubscriptions();

      await eventually(() => rings > before);
      await ringsFor(appendByOther);
    });

    it('rings again when it was dropped because it did not take what was told to it', async () => {
      await restartWith({ mostUnread: 2_000 });
      await other.close();
      other = open(10_000);
      store.subscribe(() => (rings += 1));
      await ringsFor(appendByOther);
      const letGo = standIn.holdAnswers();
      const writer = open(10_000);
      for (let turn = 0; turn < 15; turn++) await appended(writer, newStream(), 'no-stream', filled(200));
      await writer.close();
      const before = rings;
      expect(standIn.dropped).toBeGreaterThan(0);
      letGo();

      await eventually(() => rings > before);
      await ringsFor(appendByOther);
    });

    it('rings again when its connection was frozen and a call has found that out', async () => {
      standIn.fault('frozen');
      const before = rings;
      await expect(store.checkHealth()).rejects.toThrow(EventStoreUnavailable);

      await eventually(() => rings > before);
      await ringsFor(appendByOther);
    });

    it('is set up when the server was away at first', async () => {
      await standIn.stop();
      const late = open();
      let heard = 0;
      late.subscribe(() => (heard += 1));
      await expect(late.checkHealth()).rejects.toThrow(EventStoreUnavailable);

      await standIn.restart();

      await eventually(() => heard > 0);
      await late.close();
    });
  });

  it('gives up: what it had stored all the same is answered by the repeat, within the same deadline', async () => {
    const stream = newStream();
    await store.close();
    store = open(10_000);
    standIn.fault('gives-up', { times: 2, delayMs: 50 });

    const outcome = await store.append([{ stream, expected: 'no-stream', events: events(3) }]);

    expect(outcome).toMatchObject({ outcome: 'appended', revisions: [2n] });
    expect(await storedIn(stream)).toBe(3);
  });

  it('gives up for good: nobody knows, also when the last attempt was not sent', async () => {
    standIn.fault('gives-up', { delayMs: 150 });

    const outcome = await store.append([{ stream: newStream(), expected: 'no-stream', events: events(1) }]);

    expect(outcome.outcome).toBe('unknown');
  });

  it('the same events appended by many at once are sent one after the other, and all are told the same', async () => {
    const stream = newStream();
    const same = events(2);
    await store.close();
    store = open(10_000);
    standIn.fault('slow', { delayMs: 20 });

    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => store.append([{ stream, expected: 'no-stream', events: same }])),
    );
    standIn.fault('none');

    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome, textOfBigints))).size).toBe(1);
    expect(standIn.appendsAtOnce).toBe(1);
    expect(await storedIn(stream)).toBe(2);
  });

  it('not ready: certainly nothing was stored, and it is asked again after a rest, by the connection that there is', async () => {
    const stream = newStream();
    const { connections } = standIn;
    standIn.fault('not-ready');
    const outcomes = [];
    for (let turn = 0; turn < 20; turn++)
      outcomes.push(await store.append([{ stream, expected: 'no-stream', events: events(1) }]));
    await expect(store.readStream(stream, { limit: 1 })).rejects.toThrow(EventStoreUnavailable);
    standIn.fault('none');
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['unavailable']));
    expect(standIn.connections).toBe(connections);
    await eventually(async () => expect(await storedIn(stream)).toBe(0));
  });

  it('stops: every append ends within its deadline, what is called unavailable is not stored, and the rest is right when repeated', async () => {
    const writes = Array.from({ length: 20 }, () => ({
      stream: newStream(),
      expected: 'no-stream' as const,
      events: events(1),
    }));
    standIn.fault('draining');

    const ended = await Promise.all(writes.map((write) => timed(store.append([write]))));
    standIn.fault('none');

    for (const { tookMs } of ended) expect(tookMs).toBeLessThan(DEADLINE_MS + SLACK_MS);
    expect(ended.some(({ answer }) => answer.outcome !== 'appended')).toBe(true);
    for (const [index, { answer }] of ended.entries()) {
      const stream = writes[index]?.stream ?? '';
      const stored = await eventually(async () => ({ count: await storedIn(stream) }));
      if (answer.outcome === 'unavailable') expect(stored.count).toBe(0);
      if (answer.outcome === 'appended') expect(stored.count).toBe(1);
    }
    for (const write of writes) {
      await eventually(async () => (await store.append([write])).outcome === 'appended');
      expect(await storedIn(write.stream)).toBe(1);
    }
  });

  it('a conflict that comes before the winner can be read is a conflict, and no sign of events that are gone', async () => {
    await store.close();
    const distrust = jest.fn();
    const trust = {
      doubt: undefined,
      saw: () => undefined,
      sealFault: () => undefined,
      skipped: NOTHING_SKIPPED,
      distrust,
    };
    const guarded = guardedEventStore(open(10_000), trust, { isOurs: () => true });
    store = guarded;
    const stream = newStream();
    standIn.fault('late-reads', { delayMs: 3_600_000 });
    await appended(guarded, stream, 'no-stream', events(1));

    const loser = await guarded.append([{ stream, expected: 'no-stream', events: events(1) }]);
    const atOnce = await storedIn(stream);

    expect(loser).toEqual({ outcome: 'conflict', stream, actual: 0n });
    expect(atOnce).toBe(0);
    standIn.fault('none');
    expect(await storedIn(stream)).toBe(1);
    expect(distrust).not.toHaveBeenCalled();
  });

  it('a follower named alone says so in words', async () => {
    await withDeadline(LONG_DEADLINE_MS);
    standIn.fault('follower');
    const outcome = await store.append([{ stream: newStream(), expected: 'no-stream', events: events(1) }]);
    expect(outcome).toMatchObject({
      outcome: 'unavailable',
      cause: { message: expect.stringContaining('does not lead: name all nodes') },
    });
  });

  it.each([
    ['an empty stream', { stream: '', expected: 'no-stream' as const, events: events(1) }],
    ['half a character', { stream: 'a\ud800', expected: 'no-stream' as const, events: events(1) }],
    [
      'an empty type',
      { stream: newStream(), expected: 'no-stream' as const, events: [{ ...event(), type: '' }] },
    ],
    [
      'an id of another kind',
      { stream: newStream(), expected: 'no-stream' as const, events: [{ ...event(), id: '7' }] },
    ],
  ])('%s is refused before anything is sent, rather than unknown for ever', async (_what, write) => {
    await expect(store.append([write])).rejects.toThrow(RangeError);
  });
});

/** Large enough that what is not taken stays with the server. */
const filled = (count: number) => Array.from({ length: count }, () => event({ text: 'x'.repeat(2_000) }));

const textOfBigints = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;
