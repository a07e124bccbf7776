import type { Refusal } from '../refusal.js';
import { add, compare, decimal, formatDecimal, parseDecimal } from '../money/decimal.js';
import { quotaOfUsd } from '../money/quota.js';
import { type Payment, type PaymentState, remaining } from './state.js';

/** What a refund comes to, before anything is held or written. */
export type RefundPlan =
  | {
      readonly kind: 'new' | 'replay';
      readonly payment: Payment;
      readonly amountUsd: string;
      readonly quota: bigint;
      readonly remainingUsd: string;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * The quota of a refund is what the sum of refunds so far comes to, less what was taken back before: so the parts never add up
 * to more than the credit, and the last one brings them to exactly the credited quota.
 *
 * @param request.amountUsd decimal text; the rest of the payment when absent
 */
export function planRefund(
  state: PaymentState,
  request: { readonly refundId: string; readonly amountUsd?: string | undefined },
): RefundPlan {
  if (!state) return refused({ code: 'payment_not_found' });
  const asked = request.amountUsd === undefined ? undefined : parseDecimal(request.amountUsd);
  if (request.amountUsd !== undefined && (!asked || asked.unscaled <= 0n)) {
    return refused({ code: 'amount_invalid', field: 'amount_usd' });
  }
  const earlier = state.refunds.find(({ refundId }) => refundId === request.refundId);
  // What came to nothing is asked for again under another id.
  if (earlier?.isReversed) return refused({ code: 'refund_over' });
  if (earlier) {
    if (asked && compare(asked, decimal(earlier.amountUsd)) !== 0)
      return refused({ code: 'refund_conflict', field: 'amount_usd' });
    const { amountUsd, quota, remainingUsd } = earlier;
    return { kind: 'replay', payment: state, amountUsd, quota, remainingUsd };
  }
  if (isOurOwnRefundId(state, request.refundId))
    return refused({ code: 'refund_conflict', field: 'refund_id' });
  const left = remaining(state, state.refundedUsd);
  const amount = asked ?? left;
  if (left.unscaled <= 0n || compare(amount, left) > 0)
    return refused({ code: 'refund_exceeds_payment', remainingUsd: formatDecimal(left) });
  const refundedUsd = add(state.refundedUsd, amount);
  const quota = quotaOfUsd(refundedUsd) - state.refundedQuota;
  if (quota <= 0n) return refused({ code: 'amount_invalid', field: 'amount_usd' });
  const remainingUsd = formatDecimal(remaining(state, refundedUsd));
  return { kind: 'new', payment: state, amountUsd: formatDecimal(amount), quota, remainingUsd };
}

const refused = (refusal: Refusal): RefundPlan => ({ kind: 'refused', refusal });

const REVERSED = 'reversed:';

/** What came again of a refund is a row of its own: a row once shown never changes. */
export const reversalOf = (refundId: string): string => `${REVERSED}${refundId}`;

/** Undefined for what is no such row's. */
export const refundOfReversal = (id: string): string | undefined =>
  id.startsWith(REVERSED) ? id.slice(REVERSED.length) : undefined;

const RETURN = /^(?:refund|dispute):(\d{1,15})\+*$/;

/**
 * Whether another row of the payment has the id, or may have it: what came again of a refund (`reversed:…`), or what followed a return at its provider,
 * which are counted. All of a payment stand in one table by their ids, and two of the same would stop the ledger.
 */
function isOurOwnRefundId({ takenBack }: Payment, refundId: string): boolean {
  const number = RETURN.exec(refundId)?.[1];
  return refundId.startsWith(REVERSED) || (number !== undefined && Number(number) <= takenBack.times);
}
