import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { BudgetKey, CachedBalance } from '../src/projections/balance/cached-balance.js';
import { InProcessCachedBalance } from '../src/projections/balance/in-process/in-process-cached-balance.js';
import { openRedisCachedBalance } from '../src/projections/balance/redis/redis-cached-balance.js';
import { startRedis } from '../test/support/redis.js';

// Holds a second, each with the two guards and the context of a real call, against a redis-server of its own. What is held is
// dropped again every 10 ms, as the projector does. CPU is the whole of both: holding and dropping.
//   node --import ./test/support/typescript.mjs bench/holds.ts [seconds a row]

const SECONDS = Number(process.argv[2] ?? 3);
const CONTEXT = JSON.stringify({ kind: 'call', filler: 'x'.repeat(600) });

/** CPU seconds that the cache's server has used. */
type ServerCpu = () => Promise<number>;

interface Row {
  readonly holdsPerSecond: number;
  readonly medianMicros: number;
  readonly p99Micros: number;
  readonly clientCpuMicros: number;
  readonly serverCpuMicros: number;
}

async function measure(
  cache: CachedBalance,
  accounts: readonly BudgetKey[],
  inFlight: number,
  serverCpu: ServerCpu,
): Promise<Row> {
  const latencies: number[] = [];
  const open: string[] = [];
  let next = 0;
  const cpuBefore = process.cpuUsage();
  const serverBefore = await serverCpu();
  const startedMs = performance.now();
  const caller = async (): Promise<void> => {
    while (performance.now() < startedMs + SECONDS * 1_000) {
      const request = requestOf(accounts[(next += 1) % accounts.length] as BudgetKey);
      const sentMs = performance.now();
      const { outcome } = await cache.hold(request);
      latencies.push(performance.now() - sentMs);
      if (outcome !== 'held') throw new Error(outcome);
      open.push(request.holdId);
    }
  };
  const dropping = setInterval(() => void cache.release(open.splice(0, 5_000)), 10);
  await Promise.all(Array.from({ length: inFlight }, caller));
  const tookSeconds = (performance.now() - startedMs) / 1_000;
  clearInterval(dropping);
  while (open.length > 0) await cache.release(open.splice(0, 5_000));

  const { user, system } = process.cpuUsage(cpuBefore);
  const server = (await serverCpu()) - serverBefore;
  latencies.sort((a, b) => a - b);
  const micros = (share: number) =>
    Math.round((latencies[Math.floor(latencies.length * share)] ?? 0) * 1_000);
  return {
    holdsPerSecond: Math.round(latencies.length / tookSeconds),
    medianMicros: micros(0.5),
    p99Micros: micros(0.99),
    clientCpuMicros: Number(((user + system) / latencies.length).toFixed(1)),
    serverCpuMicros: Number(((server * 1e6) / latencies.length).toFixed(1)),
  };
}

function requestOf(account: BudgetKey) {
  const guards = [account, `token:${account}` as const].map((key) => ({ key, revision: 1n }));
  return { holdId: randomUUID(), budgets: [account], amount: 10n, atLeast: 10n, guards, context: CONTEXT };
}

async function bench(adapter: string, cache: CachedBalance, serverCpu: ServerCpu): Promise<object[]> {
  const rows: object[] = [];
  for (const count of [1, 10_000]) {
    const accounts = Array.from({ length: count }, (): BudgetKey => `account:${randomUUID()}`);
    const snapshots = accounts
      .flatMap((account): BudgetKey[] => [account, `token:${account}`])
      .map((budget) => ({ budget, balance: 9_000_000_000_000n, position: 1n, revision: 1n }));
    for (let index = 0; index < snapshots.length; index += 1_000) {
      await cache.load(snapshots.slice(index, index + 1_000));
    }
    for (const inFlight of [1, 16, 64]) {
      rows.push({
        adapter,
        accounts: count,
        inFlight,
        ...(await measure(cache, accounts, inFlight, serverCpu)),
      });
    }
  }
  await cache.close();
  return rows;
}

const server = await startRedis();
const admin = new Redis(server.url);
const redisCpu: ServerCpu = async () => {
  const info = await admin.info('cpu');
  return ['user', 'sys'].reduce(
    (sum, kind) => sum + Number(info.match(`used_cpu_${kind}:([\\d.]+)`)?.[1]),
    0,
  );
};
const redis = await openRedisCachedBalance({ url: server.url, isLedgerEmpty: () => Promise.resolve(true) });
const rows = [
  ...(await bench('Redis', redis, redisCpu)),
  ...(await bench('in process', new InProcessCachedBalance({}), () => Promise.resolve(0))),
];
admin.disconnect();
await server.stop();
console.table(rows);
