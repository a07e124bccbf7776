import { quotaOfMinor } from '../../domain/order/price.js';
import type { LedgerEvent, LedgerEventOf } from '../runtime/projection.js';
import { type CashOrder, valueOf } from './order-cash.js';

export interface Leg {
  readonly account: string;
  /** Debits positive, in quota. */
  readonly amount: bigint;
}

/** An entry of the journal that moves no customer's balance. */
export interface CashEntry {
  readonly position: bigint;
  readonly recorded_at: Date;
  readonly type: string;
  readonly account_id: string | null;
  readonly provider_id: string;
  readonly reference: string;
  readonly legs: readonly Leg[];
}

/** Of a top-up the credit is the entry: it is about the customer's balance, and the journal has it. */
const isOfPlan = ({ purpose }: CashOrder): boolean => purpose === 'plan';

/** What was paid for a plan is owed as its period until that begins; what goes back of it is owed no more. */
export function entryOfChange(
  event: LedgerEvent,
  before: CashOrder,
  after: CashOrder,
): CashEntry | undefined {
  if (!isOfPlan(after)) return undefined;
  const [was, is] = [valueOf(before), valueOf(after)];
  const [payments, disputes] = [is.payments - was.payments, is.disputes - was.disputes];
  return entry(event, after, [
    { account: 'asset:payments', amount: payments },
    { account: 'asset:disputes', amount: disputes },
    { account: 'liability:deferred', amount: -(payments + disputes) },
  ]);
}

/** A period gives what its plan says, and not what was paid: the difference is a discount, or what the plan earns at once. */
export function entryOfPeriod(
  event: LedgerEventOf<'subscription-started' | 'subscription-renewed'>,
  order: CashOrder,
): CashEntry | undefined {
  if (!isOfPlan(order)) return undefined;
  const discount = event.data.quota - quotaOfMinor(order.paid_minor, order.currency, order.rate);
  return entry(event, order, [
    { account: discount > 0n ? 'expense:promotions' : 'revenue:plans', amount: discount },
    { account: 'liability:deferred', amount: -discount },
  ]);
}

/** Fees are an expense; payouts are in the bank. */
export function entryOfMovement(event: LedgerEventOf<'cash-booked'>): CashEntry {
  const { kind, quota, provider_id, reference } = event.data;
  const other = kind === 'fee' || kind === 'fee-returned' ? 'expense:fees' : 'asset:bank';
  const amount = kind === 'fee' || kind === 'payout' ? quota : -quota;
  return {
    ...placeOf(event),
    ...{ account_id: null, provider_id, reference },
    legs: [
      { account: other, amount },
      { account: 'asset:payments', amount: -amount },
    ],
  };
}

function entry(event: LedgerEvent, order: CashOrder, all: readonly Leg[]): CashEntry | undefined {
  const legs = all.filter(({ amount }) => amount !== 0n);
  if (legs.length === 0) return undefined;
  const { account_id, provider_id, order_id: reference } = order;
  return { ...placeOf(event), account_id, provider_id, reference, legs };
}

const placeOf = ({ position, recordedAt: recorded_at, storedType: type }: LedgerEvent) => ({
  position,
  recorded_at,
  type,
});
