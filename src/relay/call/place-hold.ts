import type { BudgetKey } from '../../balance/cached-balance.js';
import { type AccessKey, type AccessKeys, budgetsAt } from '../access/access-keys.js';
import { CallRefused, type RelayError } from '../errors.js';
import type { Quote } from './quote.js';
import type { CallServices } from './call-services.js';

/** Loading budgets and reading a stale key again may alternate while an operator changes things; then the caller may come again. */
const MAX_TRIES = 6;

export interface HoldStory {
  readonly holdId: string;
  readonly accessKey: string;
  /** ISO 8601: in whose periods the call is, however long it takes. */
  readonly startedAt: string;
  /** Checks the key and quotes the call; asked again whenever the key was read again. @throws CallRefused */
  readonly quote: (key: AccessKey | undefined) => Promise<Quote>;
  /** JSON text for whoever must resolve the hold. */
  readonly context: (key: AccessKey, quoted: Quote) => string;
}

export interface HeldCall {
  readonly key: AccessKey;
  readonly quoted: Quote;
  /** Between the quote's `atLeast` and `amount`; 0 for a call that costs nothing, which has no hold. */
  readonly granted: bigint;
}

type HoldParts = Pick<CallServices, 'balance' | 'loadBudgets' | 'holds'> & {
  readonly keys: Pick<AccessKeys, 'reloadUntil'>;
};

/**
 * Places the hold of a call: in one round trip to the cache when nothing is missing or stale. The guards in the hold make the copied key
 * safe. @throws CallRefused `insufficient_quota`, `ledger_unavailable`, or what `quote` throws
 */
export async function placeHold(
  { balance, loadBudgets, holds, keys }: HoldParts,
  story: HoldStory,
  first: { readonly key: AccessKey; readonly quoted: Quote },
  deliveredTokens: () => number,
): Promise<HeldCall> {
  let { key, quoted } = first;
  for (let tried = 0; tried < MAX_TRIES; tried++) {
    const context = quoted.amount === 0n ? '' : story.context(key, quoted);
    const budgets = budgetsAt(key, story.startedAt);
    const outcome = await ask(balance, story.holdId, { key, budgets }, quoted, context);
    if (outcome === undefined) return { key, quoted, granted: 0n };
    switch (outcome.outcome) {
      case 'held': {
        const { granted } = outcome;
        const hold = {
          holdId: story.holdId,
          budgets,
          granted,
          context,
        };
        holds.add(hold, deliveredTokens);
        return { key, quoted, granted };
      }
      case 'insufficient':
        throw new CallRefused(shortOf(outcome, key));
      case 'recovering':
        throw new CallRefused({ code: 'ledger_unavailable', retryAfterMs: outcome.retryAfterMs });
      case 'missing':
        await loadBudgets(outcome.budgets);
        break;
      case 'stale': {
        const fresh = await keys.reloadUntil(story.accessKey, outcome);
        quoted = await story.quote(fresh);
        key = fresh ?? key;
        break;
      }
    }
  }
  throw new CallRefused({ code: 'ledger_unavailable', retryAfterMs: 1_000 });
}

/** Undefined: nothing to hold, and the key is in order. */
async function ask(
  balance: HoldParts['balance'],
  holdId: string,
  { key, budgets }: { readonly key: AccessKey; readonly budgets: readonly BudgetKey[] },
  quoted: Quote,
  context: string,
) {
  if (quoted.amount === 0n) return balance.checkGuards(key.guards);
  return balance.hold({
    holdId,
    budgets,
    amount: quoted.amount,
    atLeast: quoted.atLeast,
    guards: key.guards,
    context,
  });
}

/** Frees what was held for a call, now. What cannot be released runs out with its lease. Never rejects. */
export async function releaseHold(
  { balance, holds, observer }: Pick<CallServices, 'balance' | 'holds' | 'observer'>,
  holdId: string,
): Promise<void> {
  holds.forget(holdId);
  await balance.release([holdId]).catch((error: unknown) => observer.fault('release', error));
}

function shortOf(
  { budget, needed, available }: { budget: string; needed: bigint; available: bigint },
  { view }: AccessKey,
): RelayError {
  const [kind, id, period] = budget.split(':');
  const short = { code: 'insufficient_quota', needed, available } as const;
  if (kind !== 'budget') return { ...short, budget: kind === 'token' ? 'token' : 'account' };
  const found = view.team?.budgets.find(({ budgetId }) => budgetId === id);
  return { ...short, budget: found?.kind === 'key' ? 'team-key' : 'team-member', period };
}
