import { least, most } from '../../domain/money/decimal.js';
import { quotaOfMinor } from '../../domain/order/price.js';
import { storableText } from '../runtime/rows.js';
import { isOneOf, type LedgerEvent, type LedgerEventOf } from '../runtime/projection.js';

/** A row of `cash_orders`. */
export interface CashOrder {
  readonly order_id: string;
  readonly account_id: string;
  readonly purpose: string;
  readonly provider_id: string;
  readonly currency: string;
  readonly rate: string;
  readonly payment: string | null;
  readonly paid_minor: bigint;
  readonly returned_minor: bigint;
  readonly disputed_minor: bigint;
  readonly position: bigint;
  readonly paid_at: Date | null;
}

/** A row of `cash_facts`. */
export interface CashFact {
  readonly order_id: string;
  readonly kind: 'returned' | 'failed' | 'disputed' | 'sent';
  readonly id: string;
  readonly payment: string;
  readonly minor: bigint;
  readonly standing: string;
}

/** What an order's money is in the ledger's unit: at its provider, and taken there by disputes. */
export interface CashValue {
  readonly payments: bigint;
  readonly disputes: bigint;
}

/** Each part is a difference of wholes, so that what comes in parts adds up to the whole. */
export function valueOf({
  currency,
  rate,
  paid_minor: paid,
  ...gone
}: Pick<CashOrder, 'currency' | 'rate' | 'paid_minor' | 'returned_minor' | 'disputed_minor'>): CashValue {
  const quotaOf = (minor: bigint): bigint => quotaOfMinor(minor, currency, rate);
  const returned = quotaOf(gone.returned_minor);
  return {
    payments: quotaOf(paid) - returned,
    disputes: returned - quotaOf(gone.returned_minor + gone.disputed_minor),
  };
}

export const cashOrderOf = ({ data, position }: LedgerEventOf<'order-placed'>): CashOrder => ({
  order_id: data.order_id,
  account_id: data.account_id,
  purpose: data.purpose,
  provider_id: data.provider_id,
  currency: data.currency,
  rate: data.rate,
  ...{ payment: null, paid_minor: 0n, returned_minor: 0n, disputed_minor: 0n, paid_at: null },
  position,
});

/** What an event says of an order's money, beside that it was paid. @param before the same fact, as it was */
export function factOf(event: LedgerEvent, before: CashFact | undefined): CashFact | undefined {
  const key = keyOfFact(event);
  if (!key) return undefined;
  if (isOneOf(event, 'order-returned'))
    return { ...key, payment: key.id, minor: event.data.returned_minor, standing: '' };
  if (isOneOf(event, 'refund-succeeded', 'refund-failed')) {
    const standing = event.type === 'refund-succeeded' ? 'succeeded' : 'failed';
    return { payment: '', minor: 0n, ...before, ...key, standing };
  }
  if (!('amount_minor' in event.data && 'provider_payment' in event.data)) return undefined;
  const { provider_payment, amount_minor: minor } = event.data;
  return { ...key, payment: storableText(provider_payment), minor, standing: standingOf(event) };
}

function standingOf(event: LedgerEvent): string {
  if (isOneOf(event, 'order-dispute-closed')) return event.data.outcome;
  if (isOneOf(event, 'order-disputed')) return 'open';
  return isOneOf(event, 'refund-requested') ? 'requested' : '';
}

/** Which fact an event is about. */
export function keyOfFact(event: LedgerEvent): Pick<CashFact, 'order_id' | 'kind' | 'id'> | undefined {
  const named = (order_id: string, kind: CashFact['kind'], id: string) => ({
    ...{ order_id, kind },
    id: storableText(id),
  });
  if (isOneOf(event, 'order-returned'))
    return named(event.data.order_id, 'returned', event.data.provider_payment);
  if (isOneOf(event, 'order-return-failed'))
    return named(event.data.order_id, 'failed', event.data.refund_id);
  if (isOneOf(event, 'order-disputed', 'order-dispute-closed'))
    return named(event.data.order_id, 'disputed', event.data.dispute_id);
  if (isOneOf(event, 'refund-requested', 'refund-succeeded', 'refund-failed'))
    return named(event.data.order_id, 'sent', event.data.refund_id);
  return undefined;
}

/**
 * The order as its facts have it, in whatever order they came. What was refunded from here counts with what the provider tells of: it tells of
 * that, too, where it tells of anything.
 */
export function withFacts(order: CashOrder, facts: Iterable<CashFact>): CashOrder {
  if (order.payment === null) return order;
  const own = [...facts].filter(({ payment }) => payment === order.payment);
  const sumOf = (kind: CashFact['kind'], isMeant: (standing: string) => boolean): bigint =>
    own
      .filter((fact) => fact.kind === kind && isMeant(fact.standing))
      .reduce((sum, { minor }) => sum + minor, 0n);
  const any = (): boolean => true;
  const told = sumOf('returned', any) - sumOf('failed', any);
  const sent = sumOf('sent', (standing) => standing === 'succeeded');
  const returned_minor = least(most(most(told, sent), 0n), order.paid_minor);
  const taken = sumOf('disputed', (standing) => standing !== 'won');
  return { ...order, returned_minor, disputed_minor: least(taken, order.paid_minor - returned_minor) };
}
