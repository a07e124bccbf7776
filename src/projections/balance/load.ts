import { withDeadline } from '../../support/deadline.js';
import {
  type BudgetKey,
  type BudgetSnapshot,
  type CachedBalance,
  CacheUnavailable,
  type HoldOutcome,
  type HoldRequest,
} from '../../balance/cached-balance.js';

/**
 * Reads projected balances, each in one consistent look: balance, position of the last event in it, revision of its own stream.
 * What does not exist is left out.
 */
type ReadBudgets = (budgets: readonly BudgetKey[]) => Promise<readonly BudgetSnapshot[]>;

export interface BudgetLoader {
  /**
   * Brings budgets into the cache; those that do not exist stay missing.
   *
   * @throws CacheUnavailable when they could not be read, or not in time
   */
  load(budgets: readonly BudgetKey[]): Promise<void>;
}

export interface BudgetLoaderOptions {
  readonly cache: Pick<CachedBalance, 'load'>;
  readonly read: ReadBudgets;
  /** How long one read may take; below the cache's grace time, so that no read outlives a loss unnoticed. Default 2,000. */
  readonly timeoutMs?: number;
}

const MAX_BUDGETS_A_READ = 500;
const MAX_WAITING = 20_000;
/** A budget may be missing again when a newer balance was applied while it was read. */
const MAX_LOADS = 3;

/**
 * Loads what is asked for while a read is under way with the next read, all at once: after a flush a thousand calls miss in the
 * same moment, and many of them the same budget.
 */
export function createBudgetLoader({ cache, read, timeoutMs = 2_000 }: BudgetLoaderOptions): BudgetLoader {
  let waiting = new Map<BudgetKey, PromiseWithResolvers>();
  let working = false;

  async function work(): Promise<void> {
    working = true;
    while (waiting.size > 0) {
      const entries = [...waiting];
      waiting = new Map(entries.slice(MAX_BUDGETS_A_READ));
      const batch = entries.slice(0, MAX_BUDGETS_A_READ);
      try {
        await loadNow(batch.map(([budget]) => budget));
        for (const [, { resolve }] of batch) resolve();
      } catch (error) {
        for (const [, { reject }] of batch) reject(error as Error);
      }
    }
    working = false;
  }

  async function loadNow(budgets: readonly BudgetKey[]): Promise<void> {
    let snapshots: readonly BudgetSnapshot[];
    try {
      snapshots = await withDeadline(read(budgets), timeoutMs);
    } catch (cause) {
      throw new CacheUnavailable('balances could not be read', { cause });
    }
    await cache.load(snapshots);
  }

  function ask(budget: BudgetKey): Promise<void> {
    let entry = waiting.get(budget);
    if (!entry) {
      if (waiting.size >= MAX_WAITING) {
        return Promise.reject(new CacheUnavailable('too many balances wait to be read'));
      }
      waiting.set(budget, (entry = withResolvers()));
    }
    return entry.promise;
  }

  return {
    async load(budgets) {
      const loaded = Promise.all(budgets.map(ask));
      // In a turn of its own, so that misses of the same moment are read together.
      if (!working) {
        working = true;
        setImmediate(() => void work());
      }
      await loaded;
    },
  };
}

/**
 * Places a hold, loading what is missing. `missing` after that means that a budget does not exist (or, rarely, that it keeps
 * changing faster than it can be read).
 *
 * @throws CacheUnavailable
 */
export async function holdOrLoad(
  cache: Pick<CachedBalance, 'hold'>,
  loader: BudgetLoader,
  request: HoldRequest,
): Promise<HoldOutcome> {
  let outcome = await cache.hold(request);
  for (let loads = 0; outcome.outcome === 'missing' && loads < MAX_LOADS; loads += 1) {
    await loader.load(outcome.budgets);
    outcome = await cache.hold(request);
  }
  return outcome;
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Promise.withResolvers of Node 22. */
function withResolvers(): PromiseWithResolvers {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
