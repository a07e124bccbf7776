import { formatDecimal, add, decimal, negate, ZERO } from '../../../domain/money/decimal.js';
import { quotaOfUsd, usdOfQuota } from '../../../domain/money/quota.js';
import { planRefund } from '../../../domain/payment/refund.js';
import { evolvePayment, type PaymentState } from '../../../domain/payment/state.js';
import type { EventStore } from '../../../eventstore/event-store.js';
import { type WholeEventOf, type Queryable, schemaOf } from '../../../projections/runtime/projection.js';
import { type Credit, creditOf } from '../credit.js';
import { BooksDisagree, Comparison } from '../faults.js';
import { type HistoryRow, journalBalance, type Owner } from '../tables.js';
import { toldAdjustment, toldPayment, type ToldLine } from './told.js';
import { at, eventOf, eventsOf, type PlaceView, placeOf } from './event.js';

export interface Balances {
  readonly balance_before: bigint;
  readonly balance_after: bigint;
}

type CreditStep = Credit & PlaceView & Balances;

interface RefundStep extends PlaceView, Balances {
  readonly refund_id: string;
  readonly amount_usd: string;
  readonly quota: bigint;
  readonly by: string;
  readonly reason: string;
  /** What kept the quota from being spent while it was taken back; null where it went back at the provider. */
  readonly hold_id: string | null;
}

/** A payment: its credit and what was given back of it. */
export interface PaymentExplanation {
  readonly kind: 'payment';
  readonly payment_id: string;
  /** The refund that was asked for, where it was one. */
  readonly refund_id: string | null;
  readonly user: Owner;
  readonly credit: CreditStep;
  readonly refunds: readonly RefundStep[];
  readonly remaining_usd: string;
  readonly remaining_quota: bigint;
  /** For the person whose money it is; the lines add up to what is left. */
  readonly told: readonly ToldLine[];
}

export interface AdjustmentExplanation extends PlaceView, Balances {
  readonly kind: 'adjustment';
  readonly adjustment_id: string;
  readonly user: Owner;
  /** Signed. */
  readonly quota: bigint;
  readonly usd: string;
  readonly reason: string;
  readonly by: string;
  readonly hold_id: string | null;
  /** For the person whose money it is. */
  readonly told: readonly ToldLine[];
}

export interface PaymentParts {
  readonly tx: Queryable;
  readonly store: EventStore;
  readonly user: Owner;
  /** What lies beyond is not explained. */
  readonly until: bigint;
}

/** The whole stream of a payment, each amount computed again from its dollars. @throws BooksDisagree */
export async function explainPayment(
  { tx, store, user, until }: PaymentParts,
  row: HistoryRow,
): Promise<PaymentExplanation> {
  const events = await eventsOf(
    store,
    row.stream,
    until,
    'payment-credited',
    'payment-refunded',
    'payment-refund-reversed',
    'payment-taken-back',
  );
  const [credited, ...later] = events;
  if (credited?.type !== 'payment-credited') throw uncredited(row);
  const comparison = new Comparison();
  comparison.same(at(credited, 'quota'), credited.data.quota, quotaOfUsd(decimal(credited.data.amount_usd)));
  let state: PaymentState = evolvePayment(undefined, credited);
  const refunds: RefundStep[] = [];
  for (const event of later) {
    if (event.type === 'payment-credited') throw uncredited(row);
    if (event.type === 'payment-taken-back') {
      state = evolvePayment(state, event);
      refunds.push(await takenBack(tx, event, comparison));
      continue;
    }
    if (event.type === 'payment-refund-reversed') {
      const taken = state?.refunds.find(({ refundId }) => refundId === event.data.refund_id);
      comparison.same(at(event, 'quota'), event.data.quota, taken?.quota ?? 'a refund that was never booked');
      state = evolvePayment(state, event);
      refunds.push(await cameAgain(tx, event, comparison));
      continue;
    }
    const { refund_id, amount_usd, quota, reason, by, hold_id } = event.data;
    const plan = planRefund(state, { refundId: refund_id, amountUsd: amount_usd });
    comparison.same(
      at(event, 'quota'),
      quota,
      plan.kind === 'new' ? plan.quota : 'a refund that is not possible',
    );
    state = evolvePayment(state, event);
    const balances = await balancesAround(tx, event, -quota, comparison);
    refunds.push({ refund_id, ...placeOf(event), amount_usd, quota, reason, by, hold_id, ...balances });
  }
  const { amount_usd, quota, payment_id } = credited.data;
  const balances = await balancesAround(tx, credited, quota, comparison);
  comparison.settle();
  const told = toldPayment(credited.data, refunds);
  const back = state?.takenBack ?? { refund: 0n, dispute: 0n };
  const backQuota = back.refund + back.dispute;
  return {
    kind: 'payment',
    payment_id,
    refund_id: row.type === 'refund' ? row.reference : null,
    user,
    credit: { ...placeOf(credited), ...creditOf(credited.data), ...balances },
    refunds,
    remaining_usd: formatDecimal(
      add(
        add(decimal(amount_usd), negate(state?.refundedUsd ?? ZERO)),
        negate(decimal(usdOfQuota(backQuota))),
      ),
    ),
    remaining_quota: quota - (state?.refundedQuota ?? 0n) - backQuota,
    told,
  };
}

/** What went back at the provider, or came again: its share follows from the order's own stream. */
async function takenBack(
  tx: Queryable,
  event: WholeEventOf<'payment-taken-back'>,
  comparison: Comparison,
): Promise<RefundStep> {
  const { return_id: refund_id, kind: reason, amount_usd, quota, by } = event.data;
  const balances = await balancesAround(tx, event, -quota, comparison);
  return { refund_id, ...placeOf(event), amount_usd, quota, reason, by, hold_id: null, ...balances };
}

/** A refund that came to nothing: below zero, as in the history. */
async function cameAgain(
  tx: Queryable,
  event: WholeEventOf<'payment-refund-reversed'>,
  comparison: Comparison,
): Promise<RefundStep> {
  const { refund_id, why: reason, amount_usd, quota, by } = event.data;
  const balances = await balancesAround(tx, event, quota, comparison);
  const again = { amount_usd: `-${amount_usd}`, quota: -quota };
  return { refund_id, ...placeOf(event), ...again, reason, by, hold_id: null, ...balances };
}

/** An operator's correction. @throws BooksDisagree */
export async function explainAdjustment(
  { tx, store, user }: PaymentParts,
  row: HistoryRow,
): Promise<AdjustmentExplanation> {
  const event = await eventOf(store, row);
  if (event.type !== 'balance-adjusted') throw uncredited(row);
  const comparison = new Comparison();
  const { adjustment_id, quota, reason, by, hold_id } = event.data;
  const balances = await balancesAround(tx, event, quota, comparison);
  comparison.settle();
  const usd = usdOfQuota(quota);
  return {
    kind: 'adjustment',
    adjustment_id,
    user,
    ...placeOf(event),
    quota,
    usd,
    reason,
    by,
    hold_id,
    ...balances,
    told: toldAdjustment(quota),
  };
}

export const uncredited = (row: HistoryRow) =>
  new BooksDisagree([
    { what: `the stream ${row.stream}`, recorded: row.type, recomputed: 'no such event in its place' },
  ]);

type Marked = WholeEventOf<
  | 'payment-credited'
  | 'payment-refunded'
  | 'payment-refund-reversed'
  | 'payment-taken-back'
  | 'balance-adjusted'
  | 'grant-given'
  | 'grant-expired'
  | 'grant-withdrawn'
>;

/** By the journal; the balance that the caller was told at the time must be the same. */
export async function balancesAround(tx: Queryable, event: Marked, amount: bigint, comparison: Comparison) {
  const { balance } = await journalBalance(tx, event.data.account_id, { position: event.position });
  const { rows } = await tx.query<{ balance_after: bigint }>(
    `SELECT balance_after FROM ${schemaOf('balance')}.balances_after WHERE position = $1`,
    [event.position],
  );
  comparison.same(at(event, 'balance after'), rows[0]?.balance_after, balance);
  return { balance_before: balance - amount, balance_after: balance };
}
