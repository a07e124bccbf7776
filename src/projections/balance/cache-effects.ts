import type { LedgerEvent } from '../runtime/projection.js';
import type { BudgetKey, Guard } from '../../balance/cached-balance.js';

/** What a batch changes in the cached balance. */
export interface CacheEffects {
  /** Budgets whose balance the batch may have moved. */
  readonly budgets: readonly BudgetKey[];
  readonly resolvedHolds: readonly string[];
  readonly guards: readonly Guard[];
}

/** Collects what events of one batch do to the cache. A hold is resolved by the event that names it; a failed call's hold too, at no charge. */
export function cacheEffects(events: readonly LedgerEvent[]): CacheEffects {
  const budgets = new Set<BudgetKey>();
  const resolvedHolds: string[] = [];
  const revisions = new Map<BudgetKey, bigint>();
  for (const event of events) {
    for (const budget of budgetsOf(event)) budgets.add(budget);
    const hold = resolvedHoldOf(event);
    if (hold !== undefined) resolvedHolds.push(hold);
    const guarded = guardedBy(event);
    if (guarded) revisions.set(guarded, event.revision);
  }
  const guards = [...revisions].map(([key, revision]) => ({ key, revision }));
  return { budgets: [...budgets], resolvedHolds, guards };
}

function budgetsOf(event: LedgerEvent): readonly BudgetKey[] {
  switch (event.type) {
    case 'payment-credited.v1':
    case 'payment-refunded.v1':
    case 'balance-adjusted.v1':
      return [`account:${event.data.account_id}`];
    case 'consumption-recorded.v2':
    case 'consumption-corrected.v1':
    case 'call-abandoned.v2':
      return [`account:${event.data.account_id}`, `token:${event.data.token_id}`];
    case 'token-limits-changed.v1':
      return [`token:${event.data.token_id}`];
    default:
      return [];
  }
}

function resolvedHoldOf(event: LedgerEvent): string | undefined {
  switch (event.type) {
    case 'consumption-recorded.v2':
    case 'call-abandoned.v2':
    case 'call-failed.v1':
      return event.data.call_id;
    case 'payment-refunded.v1':
      return event.data.hold_id;
    case 'balance-adjusted.v1':
      return event.data.hold_id ?? undefined;
    default:
      return undefined;
  }
}

/** The token or account whose own stream the event is in. */
function guardedBy(event: LedgerEvent): BudgetKey | undefined {
  switch (event.type) {
    case 'token-issued.v1':
    case 'token-renamed.v1':
    case 'token-limits-changed.v1':
    case 'token-disabled.v2':
    case 'token-enabled.v2':
    case 'token-rotated.v1':
    case 'token-revoked.v2':
      return `token:${event.data.token_id}`;
    case 'account-registered.v1':
    case 'account-profile-updated.v1':
    case 'account-suspended.v1':
    case 'account-reinstated.v1':
    case 'account-group-changed.v1':
    case 'account-erased.v1':
      return `account:${event.data.account_id}`;
    default:
      return undefined;
  }
}
