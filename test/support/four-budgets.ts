import type { BudgetKey } from '../../src/balance/cached-balance.js';
import { ACCOUNT_ID } from './events.js';

/** What a call of a member of a team is held against at most: account, the key's own limit, and the member's and the key's budget of a period. */
export const FOUR_BUDGETS: readonly BudgetKey[] = [
  `account:${ACCOUNT_ID}`,
  'token:1',
  'budget:member:202611',
  'budget:key:2026W49',
];
