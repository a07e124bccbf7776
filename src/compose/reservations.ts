import type { Reservations } from '../commands/handling/ports.js';
import { type BudgetKey, CacheUnavailable, HoldAlreadyResolved } from '../balance/cached-balance.js';
import { SparingHolds } from '../balance/hold-despite-leases.js';
import type { LeasedBalance } from '../balance/hold-leasing.js';
import { type BudgetLoader, holdOrLoad } from '../projections/balance/load.js';
import type { PositionWaiter } from '../projections/runtime/waiter.js';
import type { OpenHolds } from '../relay/holds/open-holds.js';

interface ReservationParts {
  readonly cache: LeasedBalance;
  readonly loader: BudgetLoader;
  readonly holds: OpenHolds;
  readonly waiter: Pick<PositionWaiter, 'waitFor'>;
  /** Closes the leases of this process on an account. */
  readonly closeLeasesOf: (budget: BudgetKey) => void;
}

/** As long as somebody waits for an answer. */
const CREDIT_SEEN_WITHIN_MS = 1_500;

/** Refunds and negative adjustments hold against the same cached balance as calls do, and find what leases have of it in nobody's way. */
export function createReservations(parts: ReservationParts): Reservations {
  const { cache, loader, holds, waiter, closeLeasesOf } = parts;
  const sparing = new SparingHolds({ cache, close: closeLeasesOf });
  return {
    async reserve({ accountId, holdId, quota, context, creditedAt }) {
      const budgets = [`account:${accountId}`] as const;
      const request = { holdId, budgets, amount: quota, atLeast: quota, guards: [], context };
      const tried = () => holdOrLoad(sparing, loader, request).catch(tryLater);
      let outcome = await tried();
      if (outcome.outcome === 'insufficient' && creditedAt !== undefined) {
        if (!(await waiter.waitFor(creditedAt, CREDIT_SEEN_WITHIN_MS)))
          throw new CacheUnavailable('the balance has not heard yet of what is to be taken from it');
        outcome = await tried();
      }
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
