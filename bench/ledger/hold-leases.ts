import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openRedisCachedBalance } from '../../src/balance/redis/redis-cached-balance.js';
import { HoldLeases } from '../../src/relay/holds/hold-leases.js';
import { OpenHolds } from '../../src/relay/holds/open-holds.js';
import { startRedis } from '../../test/support/redis.js';

// What holding for a call costs Redis and its process, with leases and without, in turns: one key, calls of 5 ms, a projector every 50 ms.
//   npm run bench:hold-leases -- [--rounds 3] [--calls 8000] [--at 16,64]

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    calls: { type: 'string', default: '8000' },
    at: { type: 'string', default: '16,64' },
  },
});
const redis = await startRedis();
const admin = new Redis(redis.url);
const problem = (error: unknown) => console.error(error);
const context = JSON.stringify({ kind: 'call', padding: 'x'.repeat(500) });

async function redisMicroseconds(): Promise<number> {
  const info = await admin.info('cpu');
  const seconds = (name: string) => Number(new RegExp(`${name}:([0-9.]+)`).exec(info)?.[1]);
  return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1e6;
}

async function openWorld() {
  const account = `account:${randomUUID()}` as const;
  const token = `token:${randomUUID()}` as const;
  const nobody = () => Promise.resolve(true);
  const cache = await openRedisCachedBalance({
    url: redis.url,
    keyPrefix: randomUUID(),
    isLedgerEmpty: nobody,
  });
  const tables = { balance: 10n ** 12n, position: 10n };
  await cache.load([account, token].map((budget) => ({ budget, ...tables, revision: 0n })));
  const holds = new OpenHolds({ cache, onOverrun: problem, onProblem: problem });
  const names = { contextOf: () => '{"kind":"lease"}', newId: randomUUID };
  const leases = new HoldLeases({ cache, holds, ...names, onProblem: problem });
  const guards = [token, account].map((key) => ({ key, revision: 0n }));
  return { account, cache, tables, holds, leases, guards };
}

/** Microseconds of Redis and of this process for each call. */
async function turn(hasLeases: boolean, callers: number, calls: number): Promise<readonly [number, number]> {
  const { account, cache, tables, holds, leases, guards } = await openWorld();
  const [balance, registry] = hasLeases ? [leases, leases] : [cache, holds];
  let charged: { holdId: string; charge: bigint; position: bigint }[] = [];
  let settling: typeof charged = [];
  let [position, left] = [tables.position, calls];
  const project = async () => {
    const batch = charged;
    charged = [];
    if (batch.length === 0) return;
    tables.balance -= batch.reduce((sum, { charge }) => sum + charge, 0n);
    tables.position = batch.at(-1)?.position ?? 0n;
    const balances = [{ budget: account, ...tables }];
    const resolvedHolds = batch.map(({ holdId }) => holdId);
    await cache.apply({ position: tables.position, balances, resolvedHolds });
  };
  const caller = async () => {
    while (left-- > 0) {
      const holdId = randomUUID();
      const request = { holdId, budgets: [account], amount: 4_000n, atLeast: 4_000n, guards, context };
      const outcome = await balance.hold(request);
      if (outcome.outcome !== 'held') throw new Error(`a hold is ${outcome.outcome}`);
      registry.add({ ...request, granted: outcome.granted }, () => 0);
      await delay(5);
      position += 1n;
      const settlement = { holdId, charge: 30n, position };
      charged.push(settlement);
      registry.settled(holdId, 30n, position);
      // Those of one turn travel together, as HoldSettler has it.
      if (settling.push(settlement) > 1) continue;
      setImmediate(() => {
        balance.settle(settling).catch(problem);
        settling = [];
      });
    }
  };
  const projector = setInterval(() => void project().catch(problem), 50);
  const [redisBefore, ownBefore] = [await redisMicroseconds(), process.cpuUsage()];
  await Promise.all(Array.from({ length: callers }, caller));
  const { user, system } = process.cpuUsage(ownBefore);
  await leases.stop();
  clearInterval(projector);
  await project();
  const spent = (await redisMicroseconds()) - redisBefore;
  const held = (await cache.view(account))?.held;
  if (held !== 0n) throw new Error(`${held} is held when all is over`);
  await holds.close();
  await cache.close();
  return [spent / calls, (user + system) / calls];
}

try {
  console.log(`load average ${(loadavg()[0] ?? 0).toFixed(1)}, Node ${process.version}`);
  console.log('| at once | leases | Redis, µs | process, µs |\n| ---: | --- | ---: | ---: |');
  await turn(true, 16, 2_000);
  await turn(false, 16, 2_000);
  for (const callers of values.at.split(',').map(Number)) {
    const rounds: Record<'on' | 'off', (readonly [number, number])[]> = { on: [], off: [] };
    for (let round = 0; round < Number(values.rounds); round += 1) {
      rounds.off.push(await turn(false, callers, Number(values.calls)));
      rounds.on.push(await turn(true, callers, Number(values.calls)));
    }
    for (const [name, turns] of Object.entries(rounds)) {
      const least = [0, 1].map((part) => Math.min(...turns.map((each) => each[part] as number)).toFixed(1));
      console.log(`| ${callers} | ${name} | ${least.join(' | ')} |`);
    }
  }
} finally {
  admin.disconnect();
  await redis.stop();
}
