import {
  type BudgetKey,
  type BudgetView,
  CacheUnavailable,
  type HoldOutcome,
  type OpenHold,
} from '../cached-balance.js';
import type { Reply } from './connection.js';

type Refusal = Extract<HoldOutcome, { outcome: 'missing' | 'stale' | 'recovering' }>;

/** `missing`, `stale` and `recovering`, as several scripts answer them; undefined for any other word. */
export function readRefusal(reply: Reply): Refusal | undefined {
  const [word, ...rest] = reply;
  if (word === 'missing') return { outcome: word, budgets: rest.map((key) => text(key) as BudgetKey) };
  if (word === 'stale') return { outcome: word, key: text(rest[0]) as BudgetKey, revision: integer(rest[1]) };
  if (word === 'recovering') return { outcome: word, retryAfterMs: Number(text(rest[0])) };
  return undefined;
}

/** One open hold, as `register` takes it. */
export function writeHold(hold: OpenHold): readonly string[] {
  const { holdId, budgets, granted, context, deliveredTokens, settled } = hold;
  const settlement = settled ? [settled.charge.toString(), settled.position.toString()] : ['', ''];
  const head = [holdId, granted.toString(), String(deliveredTokens), ...settlement, context];
  return [...head, String(budgets.length), ...budgets];
}

/** One open hold, as `expired` and `view` answer it. */
export function readHold(row: Reply[number]): OpenHold {
  if (typeof row === 'string') throw new CacheUnavailable('the cached balance answered text for a hold');
  const [holdId, lease, granted, delivered, charge, position, context, ...budgets] = row;
  const hold = {
    holdId: text(holdId),
    budgets: budgets as BudgetKey[],
    granted: integer(granted),
    context: text(context),
    deliveredTokens: Number(text(delivered)),
    leaseExpiresAtMs: Number(text(lease)),
  };
  return charge ? { ...hold, settled: { charge: integer(charge), position: integer(position) } } : hold;
}

/** What `view` answers for a budget that is cached. */
export function readView(budget: BudgetKey, row: Reply[number], holds: readonly Reply[number][]): BudgetView {
  const [balance, position, revision, held] = row;
  return {
    budget,
    balance: integer(balance),
    position: integer(position),
    revision: integer(revision),
    held: integer(held),
    holds: holds.map(readHold),
  };
}

export function integer(value: Reply[number] | undefined): bigint {
  return BigInt(text(value));
}

export function text(value: Reply[number] | undefined): string {
  if (typeof value !== 'string') throw new CacheUnavailable('the cached balance left something out');
  return value;
}
