import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import type { LogGuard } from '../commands/ledger/log-guard.js';
import type { EventStore } from '../eventstore/event-store.js';
import type { LeasedBalance } from '../balance/hold-leasing.js';
import { InProcessCachedBalance } from '../balance/in-process/in-process-cached-balance.js';
import { openLeaseJournal } from '../balance/in-process/lease-journal.js';
import { makeFolder } from '../support/durable-folder.js';
import { cannotStart, cannotWrite } from './cannot-start.js';
import { isUnused } from './log-guard.js';
import type { Database } from './database.js';
import type { ShutdownList } from './shutdown.js';
import { beTheOnlyProcess } from './single-process.js';

interface CachedBalanceParts {
  readonly config: Config;
  readonly database: Database;
  readonly store: EventStore;
  readonly guard: LogGuard;
  readonly ledgerId: string;
  readonly generation: number;
  readonly log: Logger;
  readonly shutdown: ShutdownList;
  /** The process may not go on: somebody else may place holds now. */
  readonly onFatal: (error: Error) => void;
}

/** Redis where REDIS_URL names one, else this process's memory, guarded by a lock in the database. */
export async function openCachedBalance(parts: CachedBalanceParts): Promise<LeasedBalance> {
  const shared = await openSharedCache(parts);
  if (shared) return shared;
  const cache = await openInProcess(parts);
  parts.shutdown.add('cached balance', () => cache.close());
  return cache;
}

/** The one in Redis, which any process may look at; undefined where each service keeps its own. */
export async function openSharedCache({
  config,
  generation,
  guard,
  store,
  ledgerId,
  log,
  shutdown,
}: Pick<
  CachedBalanceParts,
  'config' | 'generation' | 'guard' | 'store' | 'ledgerId' | 'log' | 'shutdown'
>): Promise<LeasedBalance | undefined> {
  if (config.redisUrl === undefined) return undefined;
  const { openRedisCachedBalance } = await import('../balance/redis/redis-cached-balance.js');
  const { redisUrl } = config;
  let problem: unknown;
  const cache = await openRedisCachedBalance({
    url: redisUrl,
    // Of this ledger alone: another one on the same server, or this one begun anew, finds nothing of it. What was made of a log before
    // an older copy of it was accepted is left aside.
    keyPrefix: `counterfoil-${ledgerId}${generation > 0 ? `-g${generation}` : ''}`,
    isLedgerEmpty: () => isUnused({ store, guard }),
    onProblem: (error) => {
      problem = error;
      log.warn({ err: error }, 'the cached balance has a problem');
    },
  });
  await cache.checkHealth().catch((error: unknown) => {
    const { message } = cannotStart(
      { name: 'Redis', url: redisUrl, variable: 'REDIS_URL' },
      problem ?? error,
    );
    log.error({}, `${message} Until then no call is taken.`);
  });
  shutdown.add('cached balance', () => cache.close());
  return cache;
}

async function openInProcess({
  config,
  database,
  shutdown,
  onFatal,
}: CachedBalanceParts): Promise<LeasedBalance> {
  await beTheOnlyProcess(database.url, shutdown, (cause) =>
    onFatal(new Error('the lock that keeps balances exact in this process was lost', { cause })),
  );
  const { dataDir } = config;
  try {
    await makeFolder(dataDir);
    return new InProcessCachedBalance({ journal: await openLeaseJournal(join(dataDir, 'open-holds.json')) });
  } catch (error) {
    throw cannotWrite('the record of open holds', dataDir, error);
  }
}
