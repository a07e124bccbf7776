import { MAX_HOLD_CONTEXT_BYTES } from '../domain/hold/hold-context.js';
import { MAX_BALANCE } from '../domain/money/quota.js';
import type { LeaseEnd } from './hold-leasing.js';
import {
  type BudgetKey,
  type BudgetSnapshot,
  type CachedBalance,
  type FarthestSeen,
  type Guard,
  type HoldRequest,
  MOST_BUDGETS,
  type OpenHold,
} from './cached-balance.js';

type Settlement = Parameters<CachedBalance['settle']>[0][number];

const MAX_HOLD_ID_LENGTH = 100;
const MAX_BUDGET_KEY_LENGTH = 200;
const MAX_EVENT_TEXT = 1_024;
const MAX_GUARDS = 8;
/** Largest batch of any method: a script of this size keeps Redis busy for some 25 ms. */
const MAX_BATCH = 5_000;

/** An integer that a double (Lua's number) holds exactly. */
function assertExact(value: bigint, what: string): void {
  if (value > MAX_BALANCE || value < -MAX_BALANCE)
    throw new RangeError(`${what} is not below 2^53: ${value}`);
}

function assertNotNegative(value: bigint, what: string): void {
  assertExact(value, what);
  if (value < 0n) throw new RangeError(`${what} is negative: ${value}`);
}

function assertHoldId(holdId: string): void {
  if (holdId.length === 0 || holdId.length > MAX_HOLD_ID_LENGTH) {
    throw new RangeError(`a hold id has 1 to ${MAX_HOLD_ID_LENGTH} characters`);
  }
}

export function assertBudgetKey(key: BudgetKey): void {
  if (key.length > MAX_BUDGET_KEY_LENGTH) throw new RangeError('a budget key has at most 200 characters');
}

function assertBatch(items: readonly unknown[]): void {
  if (items.length > MAX_BATCH) throw new RangeError(`a batch has at most ${MAX_BATCH} entries`);
}

function assertBudgets(budgets: readonly BudgetKey[]): void {
  if (budgets.length === 0 || budgets.length > MOST_BUDGETS || isRepeated(budgets)) {
    throw new RangeError(`a hold has one to ${MOST_BUDGETS} different budgets`);
  }
  for (const budget of budgets) assertBudgetKey(budget);
}

/** Of nearly all there are one or two. */
function isRepeated(budgets: readonly BudgetKey[]): boolean {
  if (budgets.length <= 2) return budgets[0] === budgets[1];
  return new Set(budgets).size < budgets.length;
}

function assertContext(context: string): void {
  if (context.length > MAX_HOLD_CONTEXT_BYTES || Buffer.byteLength(context) > MAX_HOLD_CONTEXT_BYTES) {
    throw new RangeError(`the context of a hold has at most ${MAX_HOLD_CONTEXT_BYTES} bytes`);
  }
}

function assertDeliveredTokens(count: number): void {
  if (!Number.isSafeInteger(count) || count < 0)
    throw new RangeError(`delivered tokens are a count, not ${count}`);
}

function assertSettlement({ holdId, charge, position }: Settlement): void {
  assertHoldId(holdId);
  assertNotNegative(charge, 'a charge');
  assertNotNegative(position, 'the position of a charge');
}

// Every function below throws a RangeError for what no adapter may take, before anything is sent or changed.

export function assertHoldRequest(request: HoldRequest): void {
  assertHoldId(request.holdId);
  assertBudgets(request.budgets);
  assertNotNegative(request.amount, 'the amount of a hold');
  assertNotNegative(request.atLeast, 'the least of a hold');
  if (request.atLeast > request.amount) throw new RangeError('the least of a hold is above its amount');
  assertGuards(request.guards, MAX_GUARDS);
  assertContext(request.context);
}

export function assertLeaseRequest(request: HoldRequest): void {
  assertHoldRequest(request);
  if (request.guards.length === 0) throw new RangeError('a lease has one guard or more');
}

export function assertLeaseEnd({ leaseId, settled, calls }: LeaseEnd): void {
  assertHoldId(leaseId);
  if (settled) assertSettlement({ holdId: leaseId, ...settled });
  assertOpenHolds(calls);
}

export function assertGuards(guards: readonly Guard[], most = MAX_BATCH): void {
  if (guards.length > most) throw new RangeError(`at most ${most} guards at once`);
  for (const { key, revision } of guards) {
    assertBudgetKey(key);
    assertExact(revision, 'a revision');
  }
}

export function assertSnapshots(snapshots: readonly BudgetSnapshot[]): void {
  assertBatch(snapshots);
  for (const { budget, balance, position, revision } of snapshots) {
    assertBudgetKey(budget);
    assertExact(balance, 'a balance');
    assertExact(position, 'a position');
    assertExact(revision, 'a revision');
  }
}

export function assertSettlements(settlements: readonly Settlement[]): void {
  assertBatch(settlements);
  settlements.forEach(assertSettlement);
}

export function assertHoldIds(holdIds: readonly string[]): void {
  assertBatch(holdIds);
  holdIds.forEach(assertHoldId);
}

export function assertHeartbeats(heartbeats: Parameters<CachedBalance['renew']>[0]): void {
  assertBatch(heartbeats);
  for (const { holdId, deliveredTokens } of heartbeats) {
    assertHoldId(holdId);
    assertDeliveredTokens(deliveredTokens);
  }
}

export function assertOpenHolds(holds: readonly OpenHold[]): void {
  assertBatch(holds);
  for (const { holdId, budgets, granted, context, deliveredTokens, settled } of holds) {
    assertHoldId(holdId);
    assertBudgets(budgets);
    assertNotNegative(granted, 'the amount of a hold');
    assertContext(context);
    assertDeliveredTokens(deliveredTokens);
    if (settled) assertSettlement({ holdId, ...settled });
  }
}

export function assertSeen({ position, last = '' }: FarthestSeen): void {
  assertExact(position, 'a position');
  assertEventText(last);
}

function assertEventText(text: string): void {
  if (text.length > MAX_EVENT_TEXT) throw new RangeError('which event was the last takes more than 1 KiB');
}

export function assertApply({
  position,
  last = '',
  balances,
  resolvedHolds,
}: Parameters<CachedBalance['apply']>[0]): void {
  assertExact(position, 'a position');
  assertEventText(last);
  assertSnapshots(balances.map((balance) => ({ ...balance, revision: 0n })));
  assertHoldIds(resolvedHolds);
}
