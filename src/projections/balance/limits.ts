import { MAX_BALANCE } from '../../domain/money/quota.js';
import type { BudgetKey, BudgetSnapshot, Guard, HoldRequest, OpenHold } from './cached-balance.js';

const MAX_CONTEXT_BYTES = 2048;
const MAX_HOLD_ID_LENGTH = 100;
const MAX_BUDGET_KEY_LENGTH = 200;
const MAX_GUARDS = 8;
/** Largest batch of any method: a script of this size keeps Redis busy for some 50 ms. */
const MAX_BATCH = 10_000;

/** @throws RangeError unless the value is an integer that a double holds exactly. */
export function assertExact(value: bigint, what: string): void {
  if (value > MAX_BALANCE || value < -MAX_BALANCE)
    throw new RangeError(`${what} is not below 2^53: ${value}`);
}

function assertNotNegative(value: bigint, what: string): void {
  assertExact(value, what);
  if (value < 0n) throw new RangeError(`${what} is negative: ${value}`);
}

export function assertHoldId(holdId: string): void {
  if (holdId.length === 0 || holdId.length > MAX_HOLD_ID_LENGTH)
    throw new RangeError('a hold id has 1 to 100 characters');
}

function assertBudgetKey(key: BudgetKey): void {
  if (key.length > MAX_BUDGET_KEY_LENGTH) throw new RangeError('a budget key has at most 200 characters');
}

export function assertBatch(items: readonly unknown[]): void {
  if (items.length > MAX_BATCH)
    throw new RangeError(`a batch has at most ${MAX_BATCH} entries, this one has ${items.length}`);
}

export function assertGuards(guards: readonly Guard[]): void {
  for (const { key, revision } of guards) {
    assertBudgetKey(key);
    assertExact(revision, 'a revision');
  }
}

function assertBudgets(budgets: readonly BudgetKey[]): void {
  const [first, second] = budgets;
  if (first === undefined || budgets.length > 2 || first === second) {
    throw new RangeError('a hold has one budget or two different ones');
  }
  for (const budget of budgets) assertBudgetKey(budget);
}

function assertContext(context: string): void {
  if (context.length > MAX_CONTEXT_BYTES || Buffer.byteLength(context) > MAX_CONTEXT_BYTES) {
    throw new RangeError(`the context of a hold has at most ${MAX_CONTEXT_BYTES} bytes`);
  }
}

/** @throws RangeError when the request is one that no adapter may take */
export function assertHoldRequest(request: HoldRequest): void {
  assertHoldId(request.holdId);
  assertBudgets(request.budgets);
  assertNotNegative(request.amount, 'the amount of a hold');
  assertNotNegative(request.atLeast, 'the least of a hold');
  if (request.atLeast > request.amount) throw new RangeError('the least of a hold is above its amount');
  if (request.guards.length > MAX_GUARDS) throw new RangeError(`a hold has at most ${MAX_GUARDS} guards`);
  assertGuards(request.guards);
  assertContext(request.context);
}

/** @throws RangeError when the snapshot holds a number that a double cannot */
export function assertSnapshot(snapshot: Omit<BudgetSnapshot, 'revision'> & Partial<BudgetSnapshot>): void {
  assertBudgetKey(snapshot.budget);
  assertExact(snapshot.balance, 'a balance');
  assertExact(snapshot.position, 'a position');
  if (snapshot.revision !== undefined) assertExact(snapshot.revision, 'a revision');
}

/** @throws RangeError when the settlement could not be stored exactly */
export function assertSettlement(settlement: {
  readonly holdId: string;
  readonly charge: bigint;
  readonly position: bigint;
}): void {
  assertHoldId(settlement.holdId);
  assertNotNegative(settlement.charge, 'a charge');
  assertExact(settlement.position, 'a position');
}

/** @throws RangeError when the hold is one that `hold` would not have granted */
export function assertOpenHold(hold: OpenHold): void {
  assertHoldId(hold.holdId);
  assertBudgets(hold.budgets);
  assertNotNegative(hold.granted, 'the amount of a hold');
  assertContext(hold.context);
  assertDeliveredTokens(hold.deliveredTokens);
  if (hold.settled) assertSettlement({ holdId: hold.holdId, ...hold.settled });
}

/** @throws RangeError unless it is a count */
export function assertDeliveredTokens(count: number): void {
  if (!Number.isSafeInteger(count) || count < 0)
    throw new RangeError(`delivered tokens are a count, not ${count}`);
}
