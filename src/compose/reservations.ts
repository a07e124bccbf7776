import type { Reservations } from '../commands/handling/ports.js';
import { type BudgetKey, CacheUnavailable, HoldAlreadyResolved } from '../balance/cached-balance.js';
import { SparingHolds } from '../balance/hold-despite-leases.js';
import type { LeasedBalance } from '../balance/hold-leasing.js';
import { type BudgetLoader, holdOrLoad } from '../projections/balance/load.js';
import type { OpenHolds } from '../relay/holds/open-holds.js';

interface ReservationParts {
  readonly cache: LeasedBalance;
  readonly loader: BudgetLoader;
  readonly holds: OpenHolds;
  /** Closes the leases of this process on an account. */
  readonly closeLeasesOf: (budget: BudgetKey) => void;
}

/** Refunds and negative adjustments hold against the same cached balance as calls do, and find what leases have of it in nobody's way. */
export function createReservations({ cache, loader, holds, closeLeasesOf }: ReservationParts): Reservations {
  const sparing = new SparingHolds({ cache, close: closeLeasesOf });
  return {
    async reserve({ accountId, holdId, quota, context }) {
      const budgets = [`account:${accountId}`] as const;
      const request = { holdId, budgets, amount: quota, atLeast: quota, guards: [], context };
      const outcome = await holdOrLoad(sparing, loader, request).catch(tryLater);
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
