import { least, most, roundedQuotient } from '../../domain/money/decimal.js';
import { usdOfQuota } from '../../domain/money/quota.js';
import type { Order } from '../../domain/order/state.js';
import { returnsOf } from '../../domain/order/returns.js';
import type { Payment } from '../../domain/payment/state.js';
import type { CommandDependencies } from '../handling/ports.js';
import { refundedHere } from '../payment/sent-refunds.js';
import { planRefundShare } from './plan-refund.js';

/** What of an order's money can go back yet, and what an amount of it takes from the account. */
export interface RefundShare {
  /** In minor units of what was paid. */
  readonly leftMinor: bigint;
  readonly quotaOf: (amountMinor: bigint) => bigint;
  /** What of the credit is left, as decimal text of dollars. */
  readonly leftUsd: string;
}

/**
 * An amount takes what the sum of all refunds so far comes to, rounded once, less what was taken before; the last one takes the rest exactly.
 * Undefined for an order that was not credited.
 */
export async function refundShare(
  dependencies: Pick<CommandDependencies, 'store'>,
  order: Order,
  payment: Payment | undefined,
): Promise<RefundShare | undefined> {
  if (order.plan) return planRefundShare(dependencies, order, order.plan);
  const returns = returnsOf(order);
  if (!returns || !payment) return undefined;
  const { paidMinor, returnedMinor, disputedMinor } = returns;
  const { minor } = await refundedHere(dependencies, payment, paidMinor);
  const { quota, refundedQuota, takenBack } = payment;
  const taken = refundedQuota + takenBack.refund;
  const left = quota - taken - takenBack.dispute;
  // What was taken is a rounded share of this, whoever gave it back: from there the next one goes on without a rounding of its own.
  const takenMinor = roundedQuotient(taken * paidMinor, quota);
  const leftMinor = most(paidMinor - most(minor, returnedMinor) - disputedMinor, 0n);
  return {
    leftMinor,
    leftUsd: usdOfQuota(most(left, 0n)),
    quotaOf: (amountMinor) =>
      amountMinor === leftMinor
        ? left
        : least(roundedQuotient(quota * (takenMinor + amountMinor), paidMinor) - taken, left),
  };
}
