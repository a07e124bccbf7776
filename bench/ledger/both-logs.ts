import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { countOf } from '../../src/books/verify/check.js';
import { verifyBooks } from '../../src/books/verify/verify-books.js';
import { makeHistory } from '../../src/cli/generate/history.js';
import { placed } from '../../src/cli/generate/write-history.js';
import { callIdForms } from '../../src/domain/usage/call-id.js';
import { BEFORE_FIRST, type EventStore, type PlacedEvent } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { createOrderedWriter } from '../../src/eventstore/eventstoredb/ordered-writer.js';
import { type LogWriter, writerByFilling } from '../../src/eventstore/log-writer.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { catchUp } from '../../src/move/move-tables.js';
import { migrate } from '../../src/postgres/migrate.js';
import { createPool } from '../../src/postgres/pool.js';
import { allProjections } from '../../src/projections/all-projections.js';
import { rebuildAll } from '../../src/projections/runtime/rebuild.js';
import { Child } from '../support/child.js';
import { markdownTable } from '../support/markdown.js';
import { requirePrograms } from '../support/requirements.js';
import { spreadOf } from '../support/statistics.js';
import { contest, type Row, type Sample, type Subject, timed } from './contest.js';
import { rateTable } from './report.js';
import { setStage } from './stage.js';

// What is made of a whole log, with one history in EventStoreDB and in PostgreSQL, in turns: written in its order, rebuilt, verified. Linux only.
//   npm run bench:both-logs -- [--events 100000] [--rounds 3] [--streams process] [--server <process id>]
// Charges are in streams of a process, as generate writes them with USAGE_STREAMS=process, or of accounts: then nearly every event is an append.
// Against EVENTSTORE_TEST_URL, which must be empty and is written to; without it, against the tests' stand-in, which keeps events in memory.

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    streams: { type: 'string', default: 'process' },
    server: { type: 'string' },
  },
});
const [events, rounds] = [Number(values.events), Number(values.rounds)];
const streams = callIdForms.find((form) => form === values.streams);
if (!streams) throw new Error(`--streams: ${callIdForms.join(' or ')}`);
requirePrograms(['psql', 'taskset']);
const given = process.env['EVENTSTORE_TEST_URL'];
const standIn = given ? undefined : new Child(new URL('./stand-in-process.ts', import.meta.url));
const connectionString =
  given ?? (await standIn?.ready<{ connectionString: string }>())?.connectionString ?? '';
const projections = allProjections('UTC');
const PAGE = 10_000;

/** One log, and the tables that are made of it. */
interface Ledger {
  readonly name: string;
  readonly store: EventStore;
  readonly pool: pg.Pool;
  readonly writer: () => LogWriter;
}

// The stage's own log stays empty: each ledger has its own database.
const stage = await setStage(0);
const serverIds = [
  stage.postmaster,
  ...(values.server ? [Number(values.server)] : standIn ? [standIn.pid] : []),
];

async function openLedger(name: string, database: string): Promise<Ledger> {
  await stage.pool.query(`CREATE DATABASE ${database}`);
  const url = new URL(stage.url);
  url.pathname = `/${database}`;
  const pool = createPool({ connectionString: url.href, max: 8, applicationName: 'bench' });
  await migrate(pool);
  if (name === 'PostgreSQL') {
    const store = createPostgresEventStore({ connectionString: url.href });
    return { name, store, pool, writer: () => writerByFilling(store) };
  }
  const store = createEventStoreDb({ connectionString, deadlineMs: 30_000 });
  return { name, store, pool, writer: () => createOrderedWriter(connectionString) };
}

/** As `generate` and `log copy` write a log: what is written is made beforehand. */
const fillSubject = ({ name, writer }: Ledger, history: readonly PlacedEvent[]): Subject => ({
  name: `written in order, ${name}`,
  turn: async () => {
    const log = writer();
    const seconds = await timed(async () => {
      for (let from = 0; from < history.length; from += PAGE)
        await log.write(history.slice(from, from + PAGE));
    });
    await log.close();
    return { count: history.length, seconds };
  },
});

const rebuildSubject = ({ name, store, pool }: Ledger): Subject => ({
  name: `rebuild of all, ${name}`,
  turn: async () => {
    let seconds = 0;
    const startedMs = performance.now();
    await rebuildAll(projections, {
      ...{ store, pool, compare: false },
      onFilled: () => (seconds = (performance.now() - startedMs) / 1_000),
    });
    return { count: events, seconds };
  },
});

const verifySubject = ({ name, store, pool }: Ledger): Subject => ({
  name: `verify, ${name}`,
  turn: async () => {
    let different: readonly string[] = [];
    const seconds = await timed(async () => {
      const { checks, events: found } = await verifyBooks({ store, pool });
      if (found !== events) throw new Error(`${found} of ${events} events were verified`);
      different = checks.filter((check) => countOf(check) > 0).map((check) => check.name);
    });
    if (different.length > 0) throw new Error(`drift: ${different.join(', ')}`);
    return { count: events, seconds };
  },
});

const rows: Row[] = [];
async function measure(title: string, turns: number, subjects: readonly Subject[]): Promise<void> {
  const found = await contest(turns, subjects, serverIds);
  rows.push(...found);
  console.log(`### ${title}\n\n${rateTable(found)}\n`);
}

const ledgers: Ledger[] = [];
try {
  console.log(
    `${given ? 'EVENTSTORE_TEST_URL' : 'the stand-in'}, ${events} events, streams of ${streams === 'process' ? 'a process' : 'accounts'}, ${rounds} rounds, medians; load average ${(loadavg()[0] ?? 0).toFixed(1)}\n`,
  );
  for (const [name, database] of [
    ['EventStoreDB', 'of_eventstoredb'],
    ['PostgreSQL', 'of_postgresql'],
  ] as const)
    ledgers.push(await openLedger(name, database));
  for (const { name, store } of ledgers)
    if ((await store.head()) !== BEFORE_FIRST) throw new Error(`the log in ${name} is not empty`);
  const from = new Date('2026-01-01T00:00:00Z');
  const history = [
    ...placed(
      makeHistory({ seed: 'bench', accounts: Math.max(1, events / 50), events, from, streams }),
      () => undefined,
    ),
  ];
  const appends = history.filter(({ stream }, at) => stream !== history[at - 1]?.stream).length;
  console.log(`${(history.length / appends).toFixed(1)} events an append, at most\n`);
  await measure(
    'Written, once',
    1,
    ledgers.map((ledger) => fillSubject(ledger, history)),
  );
  for (const { store, pool } of ledgers) await catchUp({ pool, timezone: 'UTC', source: { store } });
  await measure('Rebuilt', rounds, ledgers.map(rebuildSubject));
  await measure('Verified', rounds, ledgers.map(verifySubject));
  console.log(targetTable());
} finally {
  for (const { store, pool } of ledgers) {
    await store.close();
    await pool.end();
  }
  await standIn?.stop();
  await stage.close();
}

function targetTable(): string {
  const median = (name: string, pick: (sample: Sample) => number) =>
    spreadOf((rows.find((row) => row.name === name)?.samples ?? []).map(pick)).median;
  const rate = (name: string) => median(name, ({ perSecond }) => perSecond);
  const here = (name: string) => median(name, ({ cpuMicros }) => cpuMicros);
  const ratio = (what: string) => [
    `${what}, EventStoreDB / PostgreSQL`,
    'at least 0.9',
    (rate(`${what}, EventStoreDB`) / rate(`${what}, PostgreSQL`)).toFixed(3),
    (here(`${what}, PostgreSQL`) / here(`${what}, EventStoreDB`)).toFixed(3),
  ];
  const fill = (name: string) => [
    `written in order, ${name}, events/s`,
    'at least 50,000',
    Math.round(rate(`written in order, ${name}`)).toLocaleString('en-US'),
    Math.round(1e6 / here(`written in order, ${name}`)).toLocaleString('en-US'),
  ];
  return markdownTable(
    ['target', 'limit', 'by the clock', 'by the processor here'],
    [fill('EventStoreDB'), fill('PostgreSQL'), ratio('rebuild of all'), ratio('verify')],
  );
}
