import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { InProcessCachedBalance } from '../../src/balance/in-process/in-process-cached-balance.js';
import { openRedisCachedBalance } from '../../src/balance/redis/redis-cached-balance.js';
import { startRedis } from '../../test/support/redis.js';
import { Child } from '../support/child.js';
import { residentMiB } from '../support/processor.js';
import { requirePrograms } from '../support/requirements.js';
import { contest, type Row, type Subject } from './contest.js';
import { appendSubjects } from './parts/appends.js';
import { naiveSubject, rawCopySubject } from './parts/baselines.js';
import { foldSubjects } from './parts/fold.js';
import { holdSubjects } from './parts/holds.js';
import { liveSubject, rebuildSubject } from './parts/read-models.js';
import { topUpSubjects } from './parts/top-ups.js';
import { rateTable, targetTable } from './report.js';
import { setStage } from './stage.js';

// What the ledger does by itself, in this process, beside what the same servers do without it. Needs Linux, redis-server and psql.
//   npm run bench:ledger -- [--events 200000] [--rounds 5] [--seconds 2] [--parts fold,read-models,appends,top-ups,holds]
//                           [--eventstore esdb://…]
// Without --eventstore the client of EventStoreDB is measured against the tests' stand-in, which keeps events in memory.
// After every turn what was written is compared with what was asked for; a difference fails the benchmark.

const DEADLINE_MS = 10_000;
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    parts: { type: 'string', default: 'fold,read-models,appends,top-ups,holds' },
    eventstore: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
requirePrograms(['redis-server', 'psql', 'taskset']);
const stage = await setStage(Number(values.events));
const redis = await startRedis();
const rows: Row[] = [];

const parts: Readonly<Record<string, () => Promise<void>>> = {
  fold: async () => report('Fold', await foldSubjects(stage), [stage.postmaster]),
  'read-models': async () => {
    const live = liveSubject(stage);
    // The first one makes the tables that the others need.
    await live.turn();
    const subjects = [await naiveSubject(stage), live, await rawCopySubject(stage), rebuildSubject(stage)];
    await report('Read models', subjects, [stage.postmaster]);
  },
  appends: async () => {
    const memory = createMemoryEventStore();
    const subjects = [
      ...appendSubjects('in memory', memory, seconds),
      ...appendSubjects('PostgreSQL', stage.store, seconds),
    ];
    const standIn =
      values.eventstore === undefined
        ? new Child(new URL('./stand-in-process.ts', import.meta.url))
        : undefined;
    const connectionString =
      values.eventstore ?? (await standIn?.ready<{ connectionString: string }>())?.connectionString ?? '';
    const eventStore = createEventStoreDb({ connectionString, deadlineMs: DEADLINE_MS });
    subjects.push(...appendSubjects(standIn ? 'EventStoreDB stand-in' : 'EventStoreDB', eventStore, seconds));
    await report('Appends', subjects, [stage.postmaster, ...(standIn ? [standIn.pid] : [])]);
    await eventStore.close();
    await standIn?.stop();
    await memory.close();
  },
  'top-ups': async () => report('Top-ups', await topUpSubjects(stage.store, seconds), [stage.postmaster]),
  holds: async () => {
    const isLedgerEmpty = () => Promise.resolve(true);
    const shared = await openRedisCachedBalance({ url: redis.url, isLedgerEmpty });
    const own = new InProcessCachedBalance({});
    const subjects = [
      ...(await holdSubjects('through Redis', shared, seconds)),
      ...(await holdSubjects('in process', own, seconds)),
    ];
    await report('Holds', subjects, [redis.pid]);
    await shared.close();
    await own.close();
  },
};

async function report(
  title: string,
  subjects: readonly Subject[],
  servers: readonly number[],
): Promise<void> {
  const found = await contest(rounds, subjects, servers);
  rows.push(...found);
  console.log(`### ${title}\n\n${rateTable(found)}\n`);
}

try {
  const load = loadavg()[0]?.toFixed(1) ?? '';
  console.log(`${stage.events} events, ${rounds} rounds, medians; load average at the start ${load}\n`);
  for (const part of values.parts.split(',')) {
    const measure = parts[part];
    if (!measure) throw new Error(`there is no part ${part}; there are ${Object.keys(parts).join(', ')}`);
    await measure();
  }
  console.log(`${targetTable(rows)}\n`);
  const server = { node: process.pid, postgres: stage.postmaster, redis: redis.pid };
  for (const [name, pid] of Object.entries(server))
    console.log(`memory of ${name}: ${residentMiB([pid])} MiB`);
} finally {
  await redis.stop();
  await stage.close();
}
