import type { BudgetKey, Guard, HoldOutcome, HoldRequest } from '../cached-balance.js';
import type { LedgerMemory } from './ledger-memory.js';

/** Budgets and guarded keys that are not cached, each once, in the order they are named. */
export function missingKeys(memory: LedgerMemory, keys: readonly BudgetKey[]): readonly BudgetKey[] {
  return [...new Set(keys)].filter((key) => !memory.isLoaded(key));
}

/** The first guard whose caller has an older copy than the cache knows of. */
export function firstStale(
  memory: LedgerMemory,
  guards: readonly Guard[],
): Extract<HoldOutcome, { outcome: 'stale' }> | undefined {
  for (const guard of guards) {
    const revision = memory.outdatedBy(guard);
    if (revision !== undefined) return { outcome: 'stale', key: guard.key, revision };
  }
  return undefined;
}

/** Decides on a hold and places it: missing before stale before insufficient. A lease may have one part in `share` of what is available. */
export function placeHold(
  memory: LedgerMemory,
  request: HoldRequest,
  leaseExpiresAtMs: number,
  share = 1n,
): HoldOutcome {
  const { holdId, budgets, amount, atLeast, guards, context } = request;
  const spared = share > 1n ? budgets.find((budget) => memory.spared.get(budget)) : undefined;
  if (spared) return { outcome: 'insufficient', budget: spared, needed: atLeast, available: 0n };
  const missing = missingKeys(memory, [...budgets, ...guards.map(({ key }) => key)]);
  if (missing.length > 0) return { outcome: 'missing', budgets: missing };
  const stale = firstStale(memory, guards);
  if (stale) return stale;

  const least = leastAvailable(memory, budgets);
  const affordable = least.available > 0n ? least.available / share : 0n;
  const granted = amount < affordable ? amount : affordable;
  if (granted < atLeast) return { outcome: 'insufficient', needed: atLeast, ...least };
  memory.open({ holdId, budgets, granted, context, deliveredTokens: 0, leaseExpiresAtMs });
  return { outcome: 'held', granted };
}

function leastAvailable(
  memory: LedgerMemory,
  keys: readonly BudgetKey[],
): { budget: BudgetKey; available: bigint } {
  const rows = keys.map((key) => {
    const budget = memory.budget(key);
    return { budget: key, available: (budget.projected?.balance ?? 0n) - budget.held };
  });
  return rows.reduce((least, row) => (row.available < least.available ? row : least));
}
