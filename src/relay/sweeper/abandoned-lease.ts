import { HOLD_LEASE_MS } from '../../balance/hold-leasing.js';
import type { OpenHold } from '../../balance/cached-balance.js';
import type { LeaseContext } from '../../domain/hold/hold-context.js';
import type { AbandonedLease } from '../../domain/lease/state.js';

/** What is said of a lease whose process died. The first budget is its account: no other is leased. */
export function abandonedLease(
  { holdId, budgets, granted }: OpenHold,
  context: LeaseContext,
): AbandonedLease {
  const { holder, key, taken_at } = context;
  return {
    lease_id: holdId,
    account_id: idIn(budgets[0] ?? ''),
    token_id: Number(idIn(key)),
    holder,
    hold_quota: granted,
    taken_at,
    ended_at: new Date(Date.parse(taken_at) + HOLD_LEASE_MS).toISOString(),
  };
}

const idIn = (key: string): string => key.slice(key.indexOf(':') + 1);
