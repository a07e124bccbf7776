import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createJobStore } from '../src/jobs/job-store.js';
import { startEmbeddedPostgres } from '../src/postgres/embedded.js';
import { migrate } from '../src/postgres/migrate.js';
import { createPool } from '../src/postgres/pool.js';
import { PostgresOutbox } from '../src/reactions/outbox/postgres-outbox.js';
import { createOperatorTraces } from '../src/stores/operator-traces.js';
import { fillLists } from './support/fill-lists.js';
import { fillReadModels } from './support/fill-read-models.js';
import { listsOf } from './support/lists.js';
import { markdownTable } from './support/markdown.js';

// Every list of Portal and Admin as its endpoint asks for it: the first page, one from the middle, and the filters that find least.
//   npm run bench:lists -- [--rows 10000000] [--others 1000000] [--accounts 100000] [--queries 20] [--only orders]

/** consoles.md: lists within 100 ms on 10 million calls. */
const TARGET_MS = 100;
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    others: { type: 'string', default: '1000000' },
    accounts: { type: 'string', default: '100000' },
    queries: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
  },
});
const [rows, others, accounts, queries] = [values.rows, values.others, values.accounts, values.queries].map(
  Number,
) as [number, number, number, number];

const dataDir = await mkdtemp(join(tmpdir(), 'counterfoil-bench-'));
const server = await startEmbeddedPostgres({ dataDir });
const pool = createPool({ connectionString: server.url, max: 2, applicationName: 'bench' });
try {
  await migrate(pool);
  const startedMs = performance.now();
  await fillReadModels(pool, { rows, accounts });
  await fillLists(pool, { rows: others, accounts });
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
  console.log(`${rows} rows of the history and ${others} of each other list, filled in ${seconds} s\n`);
  const stores = {
    outbox: new PostgresOutbox(pool),
    traces: createOperatorTraces(pool),
    jobs: createJobStore(pool),
  };
  const lists = listsOf(pool, stores, { rows, others }).filter(([name]) => name.includes(values.only));
  const table: string[][] = [];
  for (const [name, ask] of lists) {
    const taken: number[] = [];
    // The first finds nothing in memory.
    for (let query = 0; query <= queries; query++) {
      const from = performance.now();
      await ask();
      taken.push(performance.now() - from);
    }
    const [cold = NaN, ...warm] = taken;
    warm.sort((one, other) => one - other);
    const half = warm[Math.floor((warm.length - 1) / 2)] ?? NaN;
    const worst = warm.at(-1) ?? NaN;
    table.push([name, cold, half, worst].map((each) => (typeof each === 'string' ? each : each.toFixed(1))));
    table.at(-1)?.push(half <= TARGET_MS ? 'met' : 'MISSED');
  }
  console.log(
    `milliseconds, the first and ${queries} more, one at a time; load average ${loadavg()[0]?.toFixed(1)}\n`,
  );
  console.log(markdownTable(['', 'first', 'p50', 'worst', `p50 at most ${TARGET_MS}`], table));
} finally {
  await pool.end();
  await server.stop();
  // Where root's data lies is not where it was asked for.
  for (const folder of [dataDir, server.dataDir]) await rm(folder, { recursive: true, force: true });
}
