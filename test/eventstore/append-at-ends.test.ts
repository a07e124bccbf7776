import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { AppendOutcome, EventStore, StreamWrite } from '../../src/eventstore/event-store.js';
import { textsWithinLimits } from '../../src/eventstore/limits.js';
import { prepareRequest } from '../../src/eventstore/postgres/append-request.js';
import { appendBatch } from '../../src/eventstore/postgres/connection.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { appended, events, newStream } from '../support/event-store-contract/setup.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const text = fc.string({ unit: 'binary', maxLength: 12 });
/** A write to one of three streams, at a place that is often right and sometimes not; a repeat is one of the same number. */
const write = fc.record({
  stream: fc.nat(2),
  expected: fc.integer({ min: -1, max: 5 }),
  numbers: fc.array(fc.nat(9), { minLength: 1, maxLength: 2 }),
  said: text,
});
const batch = fc.array(fc.array(write, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 });
type Batch = readonly (readonly {
  readonly stream: number;
  readonly expected: number;
  readonly numbers: readonly number[];
  readonly said: string;
}[])[];

describe('the short way of an append', () => {
  let quick: TestDatabase;
  let slow: TestDatabase;
  let store: EventStore;
  beforeAll(async () => {
    quick = await createTestDatabase();
    slow = await createTestDatabase();
    store = createPostgresEventStore({ connectionString: quick.url });
  });
  afterAll(async () => {
    await store.close();
    await quick.drop();
    await slow.drop();
  });

  const storedIn = async ({ pool }: TestDatabase) =>
    (
      await pool.query(
        'SELECT position, stream, revision, id, type, data::text, metadata::text FROM events ORDER BY position',
      )
    ).rows;

  it('stores and answers what the long way does, whatever is appended together', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 6 }), async (batches: Batch[]) => {
        const run = randomUUID();
        for (const calls of batches) {
          const writes = calls.map((call) => call.map((each) => toWrite(run, each)));
          // Asked for in one turn, they are one batch.
          const outcomes = await Promise.all(writes.map((call) => store.append(call)));
          expect(outcomes).toEqual(await appendSlowly(slow, writes));
        }
        expect(await storedIn(quick)).toEqual(await storedIn(slow));
      }),
      { numRuns: 40 },
    );
    const head = 'SELECT position FROM log_head';
    expect((await quick.pool.query(head)).rows).toEqual((await slow.pool.query(head)).rows);
  });

  describe('telling those who listen', () => {
    let listener: pg.Client;
    let rings = 0;
    /** Where the log was when somebody was told. */
    let heard = -1n;
    beforeAll(async () => {
      listener = new pg.Client({ connectionString: quick.url });
      await listener.connect();
      listener.on('notification', () => {
        rings += 1;
        void headOfLog().then((head) => (heard = head > heard ? head : heard));
      });
      await listener.query('LISTEN event_log');
    });
    afterAll(() => listener.end());

    const headOfLog = async (): Promise<bigint> =>
      (await quick.pool.query<{ position: bigint }>('SELECT position FROM log_head')).rows[0]?.position ??
      -1n;

    it('happens for a stream of appends ten times a second, and after the last one', async () => {
      const stream = newStream();
      const before = rings;
      const startedMs = performance.now();
      for (let at = -1; at < 49; at++)
        await appended(store, stream, at < 0 ? 'no-stream' : BigInt(at), events(1));
      const head = await headOfLog();
      await eventually(() => heard >= head);
      const tookMs = performance.now() - startedMs;
      // One at once, and one that was still owed for what was appended before.
      expect(rings - before).toBeLessThanOrEqual(2 + Math.ceil(tookMs / 100));
    });

    it('is not forgotten by a store that is closed', async () => {
      const closing = createPostgresEventStore({ connectionString: quick.url });
      const before = rings;
      await appended(closing, newStream(), 'no-stream', events(1));
      await appended(closing, newStream(), 'no-stream', events(1));
      await closing.close();
      await eventually(() => rings >= before + 2);
    });
  });
});

function toWrite(run: string, { stream, expected, numbers, said }: Batch[number][number]): StreamWrite {
  return {
    stream: `s-${run}-${stream}`,
    expected: expected < 0 ? 'no-stream' : BigInt(expected),
    events: numbers.map((number) => ({
      // The same number is the same event, repeated.
      id: `${run.slice(0, -4)}${stream}00${number}`,
      type: 'tested.v1',
      data: { said, number },
      metadata: { by: said },
    })),
  };
}

async function appendSlowly(
  { pool }: TestDatabase,
  calls: readonly (readonly StreamWrite[])[],
): Promise<readonly AppendOutcome[]> {
  const connection = await pool.connect();
  try {
    return await appendBatch(
      connection,
      calls.map((writes) => prepareRequest(writes, textsWithinLimits(writes))),
    );
  } finally {
    connection.release();
  }
}
