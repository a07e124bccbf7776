import { accept, type Decision, refuse, replay } from '../decider.js';
import { least, most, roundedQuotient } from '../money/decimal.js';
import { usdOfQuota } from '../money/quota.js';
import { isTaken, type Payment, type PaymentEvent, type PaymentState } from './state.js';

/** Brings what was taken of a payment to what its provider gave back of it. */
export interface TakeBackPayment {
  readonly type: 'take-back';
  readonly paidMinor: bigint;
  readonly returnedMinor: bigint;
  /** Beside what was returned. */
  readonly disputedMinor: bigint;
  /** Of what was refunded from here, the quota of what its provider was asked to give back. */
  readonly sentQuota?: bigint | undefined;
  readonly by: string;
}

/**
 * What is to be taken is a share of the credit, rounded once, and the whole of it is exact; what was refunded from here counts with what the
 * provider gave back. The difference to what was taken before is booked: nothing, where it is repeated; below zero, where a dispute was won.
 * What the provider was asked for and has not told of yet comes on top of what it told of: nothing is given again for it meanwhile.
 */
export function takeBack(command: TakeBackPayment, state: PaymentState): Decision<PaymentEvent> {
  if (!state) return refuse({ code: 'payment_not_found' });
  const wanted = wantedOf(command, state);
  const events = (['refund', 'dispute'] as const)
    .map((kind) => ({ kind, quota: wanted[kind] - state.takenBack[kind] }))
    .filter(({ quota }) => quota !== 0n)
    // What comes again is first, so that at no place of the log more is taken than was credited.
    .sort((one, other) => (one.quota < other.quota ? -1 : 1))
    .map(({ kind, quota }, index): PaymentEvent => ({
      type: 'payment-taken-back',
      data: {
        payment_id: state.paymentId,
        return_id: returnId(state, kind, state.takenBack.times + index + 1),
        kind,
        account_id: state.accountId,
        user_id: state.userId,
        amount_usd: usdOfQuota(quota),
        quota,
        by: command.by,
      },
    }));
  return events.length === 0 ? replay() : accept(...events);
}

/** The number of the return is enough, but for refunds that were once begun under such an id. */
function returnId(payment: Payment, kind: 'refund' | 'dispute', number: number): string {
  let id = `${kind}:${number}`;
  while (isTaken(payment, id)) id += '+';
  return id;
}

function wantedOf(
  { paidMinor, returnedMinor, disputedMinor, sentQuota = 0n }: TakeBackPayment,
  { quota, refundedQuota, takenBack }: Payment,
): { readonly refund: bigint; readonly dispute: bigint } {
  const beyond = (minor: bigint, here: bigint): bigint => {
    const share = roundedQuotient(quota * minor, paidMinor) - here;
    return share > 0n ? share : 0n;
  };
  const kept = least(takenBack.refund, beyond(returnedMinor, refundedQuota - sentQuota));
  const refund = most(beyond(returnedMinor, refundedQuota), kept);
  return { refund, dispute: most(beyond(returnedMinor + disputedMinor, refundedQuota), refund) - refund };
}
