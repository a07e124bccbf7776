import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { type EventStore, BEFORE_FIRST } from '../../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../../src/eventstore/eventstoredb/event-store-db.js';
import { withOriginalTimes } from '../../../src/eventstore/original-times.js';
import { createPostgresEventStore } from '../../../src/eventstore/postgres/postgres-event-store.js';
import { typeOfStored } from '../../../src/domain/events/versions.js';
import { migrate } from '../../../src/postgres/migrate.js';
import { createPool, withTransaction } from '../../../src/postgres/pool.js';
import { allProjections } from '../../../src/projections/all-projections.js';
import { applyBatch } from '../../../src/projections/runtime/apply-batch.js';
import { decodeRecorded } from '../../../src/projections/runtime/decode-event.js';
import { digestTables } from '../../../src/projections/runtime/digest.js';
import { OutOfOrder } from '../../../src/projections/runtime/faults.js';
import { installProjections } from '../../../src/projections/runtime/install.js';
import type { Batch, LedgerEvent, Projection } from '../../../src/projections/runtime/projection.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Random } from '../random.js';
import { Books } from './books.js';
import { baseOf, isForeign } from './raw-log.js';
import { runCli } from '../support/run-cli.js';
import type { Invariant } from './verdict.js';

const LAST_POSITION = 2n ** 63n - 1n;

/** The service's own way into the log; what cannot be read is gone past, as everybody does once it was skipped. */
async function withStore<Result>(
  cluster: Cluster,
  use: (store: EventStore) => Promise<Result>,
): Promise<Result> {
  const { EVENTSTORE_URL, DATABASE_URL = '' } = cluster.environment;
  const store = EVENTSTORE_URL
    ? // Where a log was copied, its events have the times that they had.
      withOriginalTimes(
        createEventStoreDb({ connectionString: EVENTSTORE_URL, deadlineMs: 10_000 }),
        () => LAST_POSITION,
      )
    : createPostgresEventStore({ connectionString: DATABASE_URL });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

const twoFolds: Invariant = {
  name: 'two folds of the log have one digest, one of them in pieces of any size',
  check: ({ cluster, books, random }, note) =>
    withStore(cluster, async (store) => {
      let second = new Books();
      let pieces = 0;
      for (let after = BEFORE_FIRST; ; pieces++) {
        const page = await store.readAll({ after, limit: random.int(1, 300) });
        // The log may have grown since the first.
        for (const event of page.events.filter(
          (each) => !isForeign(each.stream) && each.position <= books.position,
        )) {
          const { position, stream, revision, id, type, data, recordedAt } = event;
          const place = { position, stream, revision, id, recordedAtMs: recordedAt.getTime() };
          second.apply({ ...place, type: baseOf(type), data });
        }
        // As if every piece were folded by another process.
        second = Books.read(second.write());
        if (page.atEnd) break;
        after = page.position;
      }
      note(`${pieces + 1} pieces, digest ${books.digest.slice(0, 16)}`);
      return second.digest === books.digest ? [] : [`one is ${books.digest}, the other ${second.digest}`];
    }),
};

const anyBatches: Invariant = {
  name: 'batches of any size, delivered again and out of order, make the tables that are there',
  async check({ cluster, random }, note) {
    const { postgres } = cluster.options;
    const database = `again_${randomBytes(6).toString('hex')}`;
    await postgres.createDatabase(database);
    const pool = createPool({ connectionString: postgres.url(database), max: 4, applicationName: 'torture' });
    const live = createPool({
      connectionString: postgres.url(cluster.database),
      max: 2,
      applicationName: 'torture',
    });
    try {
      await migrate(pool);
      const projections = allProjections('UTC');
      await installProjections(pool, projections);
      const events = await withStore(cluster, readAll);
      const groups = [...new Set(projections.map(({ group }) => group))];
      const stories: string[] = [];
      for (const group of groups) {
        const members = projections.filter((projection) => projection.group === group);
        stories.push(`${group}: ${await deliver(pool, members, events, random)}`);
      }
      note(stories.join('; '));
      return await compare(pool, live, projections);
    } finally {
      await Promise.all([pool.end(), live.end()]);
      await postgres.dropDatabase(database);
    }
  },
};

async function readAll(store: EventStore): Promise<LedgerEvent[]> {
  const events: LedgerEvent[] = [];
  for (let after = BEFORE_FIRST; ;) {
    const page = await store.readAll({ after, limit: 1_000 });
    events.push(
      ...page.events
        .filter(({ stream, type }) => !isForeign(stream) && typeOfStored(type))
        .map(decodeRecorded),
    );
    if (page.atEnd) return events;
    after = page.position;
  }
}

/** As a network and several projectors would deliver: a batch early, then in its turn, then once more. */
async function deliver(
  pool: pg.Pool,
  projections: readonly Projection[],
  events: readonly LedgerEvent[],
  random: Random,
): Promise<string> {
  const counts = { batches: 0, again: 0, early: 0 };
  let after = -1n;
  for (let from = 0; from < events.length; counts.batches++) {
    const size = random.int(1, 200);
    const batch = batchOf(events, from, size, after);
    if (random.chance(0.2) && from + size < events.length) {
      counts.early += 1;
      const early = batchOf(events, from + size, size, batch.position);
      const refused = await applyBatch(pool, projections, early).then(
        () => false,
        (error: unknown) => error instanceof OutOfOrder,
      );
      if (!refused) throw new Error('a batch that came too early was taken');
    }
    await applyBatch(pool, projections, batch);
    if (random.chance(0.3)) {
      counts.again += 1;
      await applyBatch(pool, projections, batch);
    }
    after = batch.position;
    from += size;
  }
  return `${counts.batches} batches, ${counts.again} again, ${counts.early} too early`;
}

function batchOf(events: readonly LedgerEvent[], from: number, size: number, after: bigint): Batch {
  const part = events.slice(from, from + size);
  return { after, position: part.at(-1)?.position ?? after, events: part };
}

async function compare(one: pg.Pool, other: pg.Pool, projections: readonly Projection[]): Promise<string[]> {
  const failures: string[] = [];
  for (const projection of projections) {
    const [ours, live] = await Promise.all(
      [one, other].map((pool) => withTransaction(pool, (tx) => digestTables(tx, projection))),
    );
    for (const [index, { table, rows, digest }] of (ours ?? []).entries()) {
      const found = live?.[index];
      if (found?.digest !== digest)
        failures.push(
          `${projection.name}.${table}: ${rows} rows made here, ${found?.rows} there, not the same`,
        );
    }
  }
  return failures;
}

/** The command's JSON. */
const counterfoil = async (cluster: Cluster, ...args: string[]): Promise<unknown> =>
  JSON.parse(await runCli(cluster, ...args));

const rebuilt: Invariant = {
  name: 'rebuilt tables have the digests of the live ones',
  async check({ cluster }, note) {
    const results = (await counterfoil(cluster, 'rebuild', 'all', '--verify', '--json')) as {
      projection: string;
      events: number;
      equal?: boolean;
    }[];
    note(`${results.length} projections of ${results[0]?.events} events`);
    return results
      .filter(({ equal }) => equal !== true)
      .map(({ projection }) => `${projection} rebuilt is not what is there`);
  },
};

const verified: Invariant = {
  name: 'every read model and every cached balance agrees with the log (counterfoil verify)',
  async check({ cluster }, note) {
    const { checks } = (await counterfoil(cluster, 'verify', '--json')) as {
      checks: { name: string; compared: number; differences: object[] }[];
    };
    note(`${checks.reduce((sum, { compared }) => sum + compared, 0)} comparisons`);
    const found = checks.flatMap(({ name, differences }) =>
      differences.map((difference) => `${name}: ${JSON.stringify(difference)}`),
    );
    return found.slice(0, 10);
  },
};

export const tableInvariants: readonly Invariant[] = [twoFolds, anyBatches, rebuilt, verified];
