import type pg from 'pg';
import { BEFORE_FIRST, type EventStore } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { createOrderedWriter } from '../../src/eventstore/eventstoredb/ordered-writer.js';
import { TextEvent } from '../../src/eventstore/text-event.js';
import { readMoved } from '../../src/move/moved-events.js';
import { copyInto, copyLine } from '../../src/postgres/copy.js';
import { withTransaction } from '../../src/postgres/pool.js';

/** What a log does with events, and nothing else is done: no more than this can be asked of a copy. */
export interface BareStep {
  readonly name: string;
  /** Answers the number of events. */
  readonly run: () => Promise<number>;
}

/**
 * Reading and writing by themselves, of the events that a log has, each already the text that is sent.
 * @param pool of the owner of the ledger's database, in which a table beside the log takes them
 */
export async function bareSteps(pool: pg.Pool, log: EventStore, esdb: string): Promise<readonly BareStep[]> {
  const pages: TextEvent[][] = [];
  for await (const { events } of readMoved(log, BEFORE_FIRST))
    pages.push(events.map((event) => new TextEvent({ ...event, stream: `bare-${event.stream}` })));
  const events = pages.flat().length;
  return [
    { name: 'PostgreSQL gives them', run: () => read(log) },
    { name: 'EventStoreDB takes them', run: () => append(esdb, pages).then(() => events) },
    {
      name: 'EventStoreDB gives them',
      run: async () => {
        const store = createEventStoreDb({ connectionString: esdb, deadlineMs: 30_000 });
        try {
          return await read(store);
        } finally {
          await store.close();
        }
      },
    },
    { name: 'PostgreSQL takes them', run: () => copy(pool, pages).then(() => events) },
  ];
}

async function read(store: EventStore): Promise<number> {
  let events = 0;
  const onEvent = (): void => void (events += 1);
  for (let after = BEFORE_FIRST; ;) {
    const { position, atEnd } = await store.readAll({ after, limit: 2_000, onEvent });
    if (atEnd) return events;
    after = position;
  }
}

async function append(esdb: string, pages: readonly (readonly TextEvent[])[]): Promise<void> {
  const writer = createOrderedWriter(esdb);
  try {
    for (const page of pages) await writer.write(page);
  } finally {
    await writer.close();
  }
}

/** With the log's indexes, and a transaction a page as a copy has. */
async function copy(pool: pg.Pool, pages: readonly (readonly TextEvent[])[]): Promise<void> {
  await pool.query('CREATE TABLE bare_events (LIKE events INCLUDING ALL)');
  let position = 0;
  for (const page of pages) {
    const lines = page.map(({ stream, revision, id, type, dataText, metadataText, recordedAt }) =>
      copyLine([position++, stream, revision, id, type, dataText, metadataText, recordedAt.toISOString()]),
    );
    await withTransaction(pool, (tx) => copyInto(tx, 'bare_events', lines.join('')));
  }
}
