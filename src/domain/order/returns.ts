import { accept, type Decision, replay } from '../decider.js';
import { least, most } from '../money/decimal.js';
import type { Sighting } from './sighting.js';
import type { Order, OrderDispute, OrderEvent, SeenBy } from './state.js';

interface SeenReturn {
  readonly sighting: Sighting;
  readonly flagId: string;
  readonly seenBy: SeenBy;
  readonly evidenceSha256: string;
  readonly by: string;
}

/** Money that goes back at the provider: facts of the order, whether anything is credited yet or not. */
export function applyReturn(command: SeenReturn, order: Order): Decision<OrderEvent> {
  const { sighting, seenBy, evidenceSha256, by } = command;
  const { what, providerPayment, amountMinor, disputeId = providerPayment } = sighting;
  const { order_id, account_id } = order.terms;
  const seen = { seen_by: seenBy, evidence_sha256: evidenceSha256, by };
  const of = { order_id, account_id, provider_payment: providerPayment };
  if (what === 'refunded') {
    if (amountMinor <= (order.returned.get(providerPayment) ?? 0n)) return replay();
    return accept({ type: 'order-returned', data: { ...of, returned_minor: amountMinor, ...seen } });
  }
  if (what === 'refund-failed') return returnFailed(command, order);
  const known = order.disputes.get(disputeId);
  const disputed = { ...of, dispute_id: disputeId, amount_minor: amountMinor, ...seen };
  if (what === 'disputed') return known ? replay() : accept({ type: 'order-disputed', data: disputed });
  const outcome = what === 'dispute-won' ? 'won' : 'lost';
  // What is lost stays so, whichever of two words comes first.
  if (known?.outcome === outcome || known?.outcome === 'lost') return replay();
  const was_open = known !== undefined && known.outcome === undefined;
  return accept({ type: 'order-dispute-closed', data: { ...disputed, outcome, was_open } });
}

/** Whoever was to have it has it not: somebody must look, once a refund. */
function returnFailed(
  { sighting, flagId, seenBy, evidenceSha256, by }: SeenReturn,
  { terms: { order_id, account_id }, failedReturns }: Order,
): Decision<OrderEvent> {
  const { providerPayment, amountMinor: amount_minor, currency, merchant, at, why = 'unknown' } = sighting;
  const { refundId: refund_id = providerPayment } = sighting;
  if (failedReturns.has(refund_id)) return replay();
  const seen = { seen_by: seenBy, evidence_sha256: evidenceSha256, by };
  const of = { order_id, account_id, provider_payment: providerPayment, amount_minor };
  return accept<OrderEvent>(
    { type: 'order-return-failed', data: { ...of, refund_id, why, ...seen } },
    {
      type: 'order-flagged',
      data: {
        ...{ ...of, flag_id: flagId, kind: 'refund-failed', currency, merchant, paid_at: at.toISOString() },
        ...{ refusal: why.slice(0, 64), ...seen },
      },
    },
  );
}

/** Of the payment that was credited, in minor units: what it was, what was given back of it, and what is disputed beyond that or lost. */
export interface Returns {
  readonly paidMinor: bigint;
  readonly returnedMinor: bigint;
  readonly disputedMinor: bigint;
}

/** Never more than was paid, whatever the provider adds up. Undefined before anything is paid. */
export function returnsOf({ paid, returned, failedReturns, disputes }: Order): Returns | undefined {
  if (!paid) return undefined;
  const paidMinor = paid.amount_minor;
  const isTaken = ({ providerPayment, outcome }: OrderDispute): boolean =>
    providerPayment === paid.provider_payment && outcome !== 'won';
  const failed = [...failedReturns.values()]
    .filter(({ providerPayment }) => providerPayment === paid.provider_payment)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const arrived = most((returned.get(paid.provider_payment) ?? 0n) - failed, 0n);
  const returnedMinor = least(arrived, paidMinor);
  const disputed = [...disputes.values()].filter(isTaken).reduce((sum, each) => sum + each.amountMinor, 0n);
  return { paidMinor, returnedMinor, disputedMinor: least(disputed, paidMinor - returnedMinor) };
}
