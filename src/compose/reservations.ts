import type { Reservations } from '../commands/handling/ports.js';
import { CacheUnavailable, type CachedBalance, HoldAlreadyResolved } from '../balance/cached-balance.js';
import { type BudgetLoader, holdOrLoad } from '../projections/balance/load.js';
import type { OpenHolds } from '../relay/holds/open-holds.js';

interface ReservationParts {
  readonly cache: CachedBalance;
  readonly loader: BudgetLoader;
  readonly holds: OpenHolds;
}

/** Refunds and negative adjustments hold against the same cached balance as calls do. */
export function createReservations({ cache, loader, holds }: ReservationParts): Reservations {
  return {
    async reserve({ accountId, holdId, quota, context }) {
      const budgets = [`account:${accountId}`] as const;
      const request = { holdId, budgets, amount: quota, atLeast: quota, guards: [], context };
      const outcome = await holdOrLoad(cache, loader, request).catch(tryLater);
      switch (outcome.outcome) {
        case 'held':
          holds.add({ holdId, budgets, granted: outcome.granted, context }, () => 0);
          return { ok: true };
        case 'insufficient':
          return { ok: false, needed: outcome.needed, available: outcome.available };
        case 'missing':
        case 'stale':
        case 'recovering':
          throw new CacheUnavailable(`the balance cannot be held against now: ${outcome.outcome}`);
      }
    },
    async settle({ holdId, quota, position }) {
      holds.settled(holdId, quota, position);
      await cache.settle([{ holdId, charge: quota, position }]);
    },
    async release(holdId) {
      holds.forget(holdId);
      await cache.release([holdId]);
    },
    abandon(holdId) {
      holds.forget(holdId);
    },
  };
}

/** Released a moment ago, after an attempt whose outcome was not known: the id is free again within a minute. */
function tryLater(error: unknown): never {
  if (error instanceof HoldAlreadyResolved)
    throw new CacheUnavailable('an earlier attempt is being cleared away');
  throw error;
}
