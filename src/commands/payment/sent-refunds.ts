import { roundedQuotient } from '../../domain/money/decimal.js';
import type { Payment } from '../../domain/payment/state.js';
import { refundDecider } from '../../domain/refund/decide.js';
import type { RefundState } from '../../domain/refund/state.js';
import { refundStream } from '../../domain/streams.js';
import { refundUuidOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import type { CommandDependencies } from '../handling/ports.js';

export const loadRefund = (
  { store }: Pick<CommandDependencies, 'store'>,
  refundId: string,
): Promise<Loaded<RefundState>> => load(store, refundStream(refundUuidOf(refundId)), refundDecider);

/** What was refunded of an order from here. */
export interface RefundedHere {
  /** Of that, the quota of what its provider was asked to give back. */
  readonly sentQuota: bigint;
  /** All of it, in minor units of what was paid; of what no provider was asked for, its share. */
  readonly minor: bigint;
}

/** The refunds of an order's payment, as their own streams have them: a payment has a few. */
export async function refundedHere(
  dependencies: Pick<CommandDependencies, 'store'>,
  { paymentId, quota, refunds }: Payment,
  paidMinor: bigint,
): Promise<RefundedHere> {
  const booked = refunds.filter(({ isReversed }) => !isReversed);
  const sums = await Promise.all(
    booked.map(async (refund) => {
      const { state } = await loadRefund(dependencies, refund.refundId);
      return state?.terms.order_id === paymentId
        ? { sentQuota: refund.quota, minor: state.terms.amount_minor }
        : { sentQuota: 0n, minor: roundedQuotient(refund.quota * paidMinor, quota) };
    }),
  );
  return {
    sentQuota: sums.reduce((sum, each) => sum + each.sentQuota, 0n),
    minor: sums.reduce((sum, each) => sum + each.minor, 0n),
  };
}
