import { setTimeout as wait } from 'node:timers/promises';
import type { BudgetKey, BudgetView, CachedBalance } from '../../balance/cached-balance.js';
import { Finding } from './check.js';
import type { Books } from './fold/books.js';
import type { Fold } from './fold/fold.js';
import type { Teams } from './fold/teams.js';

interface Budget {
  readonly key: BudgetKey;
  readonly accountId: string | null;
  readonly balance: bigint;
}

const VIEWS_AT_ONCE = 64;
const SETTLE_MS = 5_000;

/**
 * Compares the cached balances with the books at `position`. The cache must have been told of everything up to there; a balance
 * that has moved on since is left out, because the books end at `position`.
 */
export async function checkCache(
  cache: CachedBalance,
  { books, teams }: Pick<Fold, 'books' | 'teams'>,
  position: bigint,
): Promise<Finding> {
  const finding = new Finding('cached balances');
  const told = await appliedPosition(cache, position);
  if (told === undefined || told < position) {
    // Nothing cached is older than a new cache; one that is behind is a difference by itself.
    if (told !== undefined) finding.differ('position', null, `at least ${position}`, told.toString());
    return finding;
  }
  const budgets = [...budgetsOf(books, teams)];
  for (let from = 0; from < budgets.length; from += VIEWS_AT_ONCE) {
    const some = budgets.slice(from, from + VIEWS_AT_ONCE);
    const views = await Promise.all(some.map(({ key }) => cache.view(key)));
    views.forEach((view, index) => {
      const budget = some[index];
      if (view && budget && view.position <= position) compareView(finding, books, budget, view);
    });
  }
  return finding;
}

/** What was committed a moment ago may be on its way to the cache. */
async function appliedPosition(cache: CachedBalance, position: bigint): Promise<bigint | undefined> {
  const deadline = performance.now() + SETTLE_MS;
  for (;;) {
    const told = await cache.appliedPosition();
    if (told === undefined || told >= position || performance.now() > deadline) return told;
    await wait(20);
  }
}

function* budgetsOf(books: Books, teams: Teams): Generator<Budget> {
  for (const [accountId, { balance }] of books.accounts)
    yield { key: `account:${accountId}`, accountId, balance };
  for (const [tokenId, { limit, usedQuota }] of books.tokens)
    if (limit !== null) yield { key: `token:${tokenId}`, accountId: null, balance: limit - usedQuota };
  for (const { budgetId, period, left } of teams.left())
    yield { key: `budget:${budgetId}:${period}`, accountId: null, balance: left };
}

function compareView(
  finding: Finding,
  books: Books,
  { key, accountId, balance }: Budget,
  view: BudgetView,
): void {
  finding.compare(key, accountId, { balance }, { balance: view.balance });
  for (const { holdId } of view.holds) {
    if (books.isResolved(holdId)) finding.differ(key, accountId, `hold ${holdId} dropped`, 'still held');
  }
}
