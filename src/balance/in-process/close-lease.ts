import type { BudgetKey, Guard } from '../cached-balance.js';
import type { LeaseEnd } from '../hold-leasing.js';
import type { LedgerMemory } from './ledger-memory.js';

/** Drops a lease's claim for those of its calls and of what they were charged. */
export function closeLease(
  memory: LedgerMemory,
  { leaseId, settled, calls }: LeaseEnd,
  leaseExpiresAtMs: number,
): 'closed' | 'unknown' {
  const lease = memory.holds.get(leaseId);
  memory.leases.delete(leaseId);
  if (!lease || lease.settled) return 'unknown';
  for (const call of calls) memory.register({ ...call, leaseExpiresAtMs });
  if (settled) memory.settle(lease, settled.charge, settled.position);
  else memory.resolve(leaseId);
  return 'closed';
}

/** Whether a lease is open that was taken under an older revision of a key than one of these. */
export function isLeased(memory: LedgerMemory, guards: readonly Guard[]): boolean {
  const isOlder = (taken: Guard): boolean =>
    guards.some(({ key, revision }) => key === taken.key && taken.revision < revision);
  return [...memory.leases.values()].some((taken) => taken.some(isOlder));
}

/** No lease of the budget is granted for a while. Answers whether one claims of it still. */
export function spare(memory: LedgerMemory, budget: BudgetKey): boolean {
  memory.spared.set(budget, true);
  return [...memory.leases.keys()].some((id) => memory.holds.get(id)?.budgets.includes(budget));
}
