import { randomUUID } from 'node:crypto';
import type {
  BudgetKey,
  BudgetSnapshot,
  CachedBalance,
  HoldRequest,
} from '../../../src/balance/cached-balance.js';
import type { LeasedBalance } from '../../../src/balance/hold-leasing.js';

/** What the contract runs on: one cached balance, seen by two processes where the adapter can. */
export interface Subject {
  readonly cache: LeasedBalance;
  readonly other: LeasedBalance;
  close(): Promise<void>;
}

export type OpenSubject = (options: { readonly leaseMs: number }) => Promise<Subject>;

export const newAccount = (): BudgetKey => `account:${randomUUID()}`;
export const newToken = (): BudgetKey => `token:${randomUUID()}`;

export function snapshotOf(
  budget: BudgetKey,
  balance: bigint,
  position = 10n,
  revision = 0n,
): BudgetSnapshot {
  return { budget, balance, position, revision };
}

/** All or nothing, without guards, unless told otherwise. */
export function requestOf(
  budgets: readonly BudgetKey[],
  amount: bigint,
  rest: Partial<HoldRequest> = {},
): HoldRequest {
  return { holdId: randomUUID(), budgets, amount, atLeast: amount, guards: [], context: '{}', ...rest };
}

/** What calls could still hold of a budget. */
export async function availableOf(cache: CachedBalance, budget: BudgetKey): Promise<bigint> {
  const view = await cache.view(budget);
  if (!view) throw new Error(`${budget} is not cached`);
  return view.balance - view.held;
}
