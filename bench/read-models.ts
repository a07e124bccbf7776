import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../src/postgres/embedded.js';
import { migrate } from '../src/postgres/migrate.js';
import { createPool } from '../src/postgres/pool.js';
import { createReadModels } from '../src/projections/create-read-models.js';
import { readBilling } from '../src/projections/statistics/billing/rows.js';
import { balancesAfter } from '../src/projections/usage/balances-after.js';
import { countHistory } from '../src/projections/usage/history-count.js';
import type { HistoryFilter } from '../src/projections/usage/history-filter.js';
import { historyEntry, historyPage } from '../src/projections/usage/history-page.js';
import type { LogFilter } from '../src/projections/usage/filter.js';
import { PositionWaiter } from '../src/projections/runtime/waiter.js';
import type { UsageGrouping } from '../src/domain/usage/usage-question.js';
import { accountOf, fillReadModels } from './support/fill-read-models.js';
import { markdownTable } from './support/markdown.js';

// /logs and /stats as their endpoints ask the read models, over many rows: one account with a tenth of them, the rest spread evenly over
// two months.
//   npm run bench:read-models -- [--rows 10000000] [--accounts 100000] [--queries 300]

const TARGET_MS = 50;
const PAGE = 20;
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    accounts: { type: 'string', default: '100000' },
    queries: { type: 'string', default: '300' },
  },
});
const [rows, accounts, queries] = [Number(values.rows), Number(values.accounts), Number(values.queries)];

const dataDir = await mkdtemp(join(tmpdir(), 'counterfoil-bench-'));
const server = await startEmbeddedPostgres({ dataDir });
const pool = createPool({ connectionString: server.url, max: 2, applicationName: 'bench' });
try {
  await migrate(pool);
  const startedMs = performance.now();
  const { giantRows, lightRows } = await fillReadModels(pool, { rows, accounts });
  console.log(
    `${rows} rows of ${accounts} accounts in ${seconds(startedMs)} s; ${giantRows} of one account\n`,
  );
  const reads = createReadModels({
    pool,
    openPersonal: () => Promise.resolve(undefined),
    openTexts: () => Promise.resolve(new Map()),
    settledAt: () => Promise.resolve(undefined),
    waiter: new PositionWaiter({ db: pool, projections: [] }),
    head: () => Promise.resolve(BigInt(rows - 1)),
  });
  const giant = accountOf(0);
  const light = () => accountOf(1 + Math.floor(Math.random() * (accounts - 1)));
  const page = (account: string, of: number, filter: LogFilter = {}) =>
    reads.logs(account, filter, { offset: Math.floor(Math.random() * (of / PAGE)) * PAGE, limit: PAGE });
  const stats = async (account: string) => {
    await Promise.all([reads.modelUsage(account), reads.recentLogs(account, 10)]);
  };
  const usage = (groupBy: UsageGrouping, accountId?: string) =>
    reads.usage(
      { interval: 'day', groupBy, from: '2026-10-01', to: '2026-11-30', filter: { accountId } },
      { now: new Date('2026-12-01T00:00:00Z'), timezone: 'UTC' },
    );
  const week = { from: new Date('2026-10-05T00:00:00Z'), until: new Date('2026-10-12T00:00:00Z') };
  const history = (filter: HistoryFilter, before?: bigint) =>
    historyPage(pool, filter, { before, limit: PAGE });
  const own = async (filter: HistoryFilter, before?: bigint) => {
    const found = await history({ ...filter, accountId: giant }, before);
    await Promise.all([
      balancesAfter(pool, giant, found),
      countHistory(pool, { ...filter, accountId: giant }, 10_000),
    ]);
  };
  const somewhere = () => BigInt(Math.floor(Math.random() * rows));
  const anyOwn = async () => {
    const [found] = await history({ accountId: giant }, (somewhere() / 10n) * 10n);
    const entry = found && (await historyEntry(pool, found.id, giant));
    await balancesAfter(pool, giant, entry ? [entry] : []);
  };
  const subjects: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['/logs, any page, a usual account', () => page(light(), lightRows)],
    ['/logs, first page, the largest account', () => page(giant, PAGE)],
    ['/logs, any page, the largest account', () => page(giant, giantRows)],
    [
      '/logs, last page, the largest account',
      () => reads.logs(giant, {}, { offset: giantRows - PAGE, limit: PAGE }),
    ],
    ['/logs, beyond the last page', () => reads.logs(giant, {}, { offset: 2 * giantRows, limit: PAGE })],
    ['/logs, any page of one week', () => page(giant, giantRows / 10, week)],
    ['/logs, any page of one model', () => page(giant, giantRows / 20, { modelContains: 'MODEL-3' })],
    ['/logs, any page of one key', () => page(giant, giantRows / 5, { tokenId: 1 })],
    ['/logs, any page of failed calls', () => page(giant, giantRows / 51, { type: 'error' })],
    ['usage, sixty days of all accounts by model', () => usage('model')],
    ['usage, sixty days of all accounts by user', () => usage('user')],
    ['usage, sixty days of the largest account by model', () => usage('model', giant)],
    ['own logs with balances and count, the largest account', () => own({})],
    ['own logs, any page', () => own({}, (somewhere() / 10n) * 10n)],
    ['own logs of a type that there is none of', () => own({ type: 'topup' })],
    ['own logs of a model that there is none of', () => own({ model: 'model-x' })],
    ['own logs of one key and model', () => own({ tokenId: 1, model: 'model-3' })],
    ['one of the own logs with its balance', anyOwn],
    ['bills of the largest account', () => readBilling(pool, giant, {}, { limit: PAGE })],
    ['all logs of a model that there is none of', () => history({ model: 'model-x' })],
    ['all logs of a channel and type', () => history({ channelId: 'channel-3', type: 'error' })],
    ['/stats, a usual account', () => stats(light())],
    ['/stats, the largest account', () => stats(giant)],
  ];
  const results = new Map(subjects.map(([name]) => [name, [] as number[]]));
  // In turns, so that what else the machine does strikes them alike.
  for (let query = 0; query < queries; query++)
    for (const [name, ask] of subjects) results.get(name)?.push(await timed(ask));
  console.log(
    `milliseconds of ${queries} queries each, one at a time; load average ${loadavg()[0]?.toFixed(1)}\n`,
  );
  const table = [...results].map(([name, taken]) => {
    taken.sort((a, b) => a - b);
    const at = (share: number) => taken[Math.floor((taken.length - 1) * share)] ?? NaN;
    const verdict = at(0.99) <= TARGET_MS ? 'met' : 'MISSED';
    return [name, at(0.5).toFixed(1), at(0.99).toFixed(1), at(1).toFixed(1), verdict];
  });
  console.log(markdownTable(['', 'p50', 'p99', 'worst', `p99 at most ${TARGET_MS}`], table));
} finally {
  await pool.end();
  await server.stop();
  // Where root's data lies is not where it was asked for.
  for (const folder of [dataDir, server.dataDir]) await rm(folder, { recursive: true, force: true });
}

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await ask();
  return performance.now() - startedMs;
}

function seconds(sinceMs: number): string {
  return ((performance.now() - sinceMs) / 1_000).toFixed(0);
}
