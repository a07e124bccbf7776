import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { openMove } from '../src/compose/log-move.js';
import { ShutdownList } from '../src/compose/shutdown.js';
import { readConfig } from '../src/config.js';
import { createPostgresEventStore } from '../src/eventstore/postgres/postgres-event-store.js';
import { moveLog } from '../src/move/move-log.js';
import { catchUp } from '../src/move/move-tables.js';
import { startEmbeddedPostgres } from '../src/postgres/embedded.js';
import { migrate } from '../src/postgres/migrate.js';
import { createPool } from '../src/postgres/pool.js';
import { noteLog, verifyMasterKey } from '../src/stores/ledger-instance.js';
import { createKeyring } from '../src/support/keyring.js';
import { GENERATION, wholeLedger } from '../test/support/whole-ledger/whole-ledger.js';
import { bareSteps } from './support/bare-logs.js';
import { Child } from './support/child.js';
import { markdownTable } from './support/markdown.js';
import { cpuSeconds } from './support/processor.js';

// A log of events of every type is moved from the embedded PostgreSQL to EventStoreDB and back, each step by itself; then what the servers do with the
// same events when that is all that is asked of them. Linux only.
//   npm run bench:move -- [--events 100000] [--eventstore esdb://…]
// Without --eventstore the tests' stand-in is moved to, which keeps events in memory, as a process of its own.

const { values } = parseArgs({
  options: { events: { type: 'string', default: '100000' }, eventstore: { type: 'string' } },
});
const events = Number(values.events);
const log = pino({ level: 'silent' });
const folder = await mkdtemp(join(tmpdir(), 'counterfoil-bench-'));
const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
const standIn =
  values.eventstore === undefined
    ? new Child(new URL('./ledger/stand-in-process.ts', import.meta.url))
    : undefined;
const esdb =
  values.eventstore ?? (await standIn?.ready<{ connectionString: string }>())?.connectionString ?? '';
const masterKey = randomBytes(32);
const config = readConfig({
  DATA_DIR: folder,
  DATABASE_URL: server.url,
  MASTER_KEY: masterKey.toString('base64'),
});
const postgres: number[] = [];

/** One row a step: what a person sees of a move, and what it costs. */
async function move(from: string, to: string): Promise<readonly (readonly string[])[]> {
  const shutdown = new ShutdownList(log);
  const steps: Moment[] = [];
  const begin = (name: string): void => {
    if (steps.at(-1)?.name !== name) steps.push(momentOf(name));
  };
  begin('opening');
  try {
    const onProgress = (step: string): void => begin(step);
    await moveLog(
      await openMove({ config, log, shutdown }, { from, to, by: 'operator:bench', quietMs: 0, onProgress }),
    );
  } finally {
    await shutdown.run();
  }
  begin('done');
  const [first = momentOf('')] = steps;
  const rows = steps.slice(0, -1).map((step, index) => rowOf(step, steps[index + 1] ?? step, events));
  return [...rows, rowOf({ ...first, name: 'all of it' }, steps.at(-1) ?? first, events)];
}

interface Moment {
  readonly name: string;
  readonly ms: number;
  /** Seconds of the processor: of this process, of PostgreSQL, and of the stand-in. */
  readonly here: number;
  readonly postgres: number;
  readonly standIn: number;
}

function momentOf(name: string): Moment {
  const { user, system } = process.cpuUsage();
  return {
    ...{ name, ms: performance.now(), here: (user + system) / 1e6 },
    ...{ postgres: cpuSeconds(postgres), standIn: standIn ? cpuSeconds([standIn.pid]) : 0 },
  };
}

function rowOf(step: Moment, next: Moment, count: number): readonly string[] {
  const seconds = (next.ms - step.ms) / 1_000;
  const micros = (of: 'here' | 'postgres' | 'standIn') => (((next[of] - step[of]) * 1e6) / count).toFixed(1);
  return [
    step.name,
    seconds.toFixed(1),
    Math.round(count / seconds).toLocaleString('en-US'),
    micros('here'),
    micros('postgres'),
    // A server that was given may be anywhere.
    standIn ? micros('standIn') : '–',
  ];
}

async function bare(): Promise<readonly (readonly string[])[]> {
  const pool = createPool({ connectionString: server.url, max: 2, applicationName: 'bench' });
  const store = createPostgresEventStore({ connectionString: server.url });
  const rows: (readonly string[])[] = [];
  try {
    for (const { name, run } of await bareSteps(pool, store, esdb)) {
      const begun = momentOf(name);
      const count = await run();
      rows.push(rowOf(begun, momentOf(''), count));
    }
    return rows;
  } finally {
    await store.close();
    await pool.end();
  }
}

try {
  const pool = createPool({ connectionString: server.url, max: 2, applicationName: 'bench' });
  await migrate(pool);
  const { rows } = await pool.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
  const postmaster = readFileSync(join(rows[0]?.folder ?? '', 'postmaster.pid'), 'utf8').split('\n')[0];
  postgres.push(Number(postmaster));
  const ledgerId = await verifyMasterKey(pool, createKeyring(masterKey));
  const store = createPostgresEventStore({ connectionString: server.url });
  await store.fill?.(wholeLedger({ ledgerId, events, from: new Date('2026-08-01T00:00:00Z'), days: 90 }));
  await noteLog(pool, { kind: 'postgres', generation: GENERATION });
  // As in a ledger that was in use.
  await catchUp({ pool, timezone: config.timezone, source: { store } });
  await store.close();
  await pool.end();
  const columns = ['', 'seconds', 'events a second', 'µs here', 'µs PostgreSQL', 'µs EventStoreDB'];
  for (const [from, to] of [
    ['database', esdb],
    [esdb, 'database'],
  ] as const) {
    const load = loadavg()[0]?.toFixed(1);
    console.log(
      `\n${events} events from ${from === esdb ? 'EventStoreDB' : 'PostgreSQL'}; load average ${load}\n`,
    );
    console.log(markdownTable(columns, await move(from, to)));
  }
  console.log(`\nThe servers alone; load average ${loadavg()[0]?.toFixed(1)}\n`);
  console.log(markdownTable(columns, await bare()));
} finally {
  await standIn?.stop();
  await server.stop();
  for (const each of [folder, server.dataDir]) await rm(each, { recursive: true, force: true });
}
