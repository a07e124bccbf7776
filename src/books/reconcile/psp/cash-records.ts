import { cashKinds } from '../../../domain/cash/events.js';
import type { CashTerms } from '../../../domain/cash/state.js';
import { type Decimal, negate } from '../../../domain/money/decimal.js';
import { magnitudeOf, type ProviderRecord } from './provider-record.js';

export type CashKind = CashTerms['kind'];

const kinds: ReadonlySet<string> = new Set(cashKinds);

/** Whether a record is of money that is no customer's: a fee or a payout. */
export const isCash = <Record extends { readonly kind: string }>(
  record: Record,
): record is Record & { readonly kind: CashKind } => kinds.has(record.kind);

interface Row {
  /** What the provider calls it: a fee and a payout of one name are two things. */
  readonly reference: string | null;
  readonly at: Date | undefined;
  readonly currency: string;
  /** What was taken, below zero where it was given back. */
  readonly fee?: Decimal | null | undefined;
  /** What went to the bank, below zero where it came again. */
  readonly payout?: Decimal | undefined;
}

/** What a row says of fees and payouts. Of a row without a name or a time nothing can be booked once. */
export function cashRecords({ reference, at, currency, fee, payout }: Row): readonly ProviderRecord[] {
  if (reference === null || at === undefined) return [];
  const record = (kind: 'fee' | 'payout', moved: Decimal | null | undefined): readonly ProviderRecord[] => {
    if (!moved || moved.unscaled === 0n) return [];
    const is: CashKind = moved.unscaled > 0n ? kind : `${kind}-returned`;
    return [{ kind: is, paymentIds: [reference], refundIds: [], amount: magnitudeOf(moved), currency, at }];
  };
  return [...record('fee', fee), ...record('payout', payout)];
}

/** What of a movement in Stripe's balance is a fee of its own, and what went to the bank. Amounts are below zero where money left the balance. */
export const stripeCash = (
  name: string,
  moved: Decimal,
  fee: Decimal | null | undefined,
): Pick<Row, 'fee' | 'payout'> => {
  if (/^(stripe_fee|stripe_fx_fee|tax_fee|fee|tax|network_cost)$/.test(name)) return { fee: negate(moved) };
  return /^payout(_reversal|_cancel|_failure)?$/.test(name) ? { fee, payout: negate(moved) } : { fee };
};
