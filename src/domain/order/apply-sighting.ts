import { accept, type Decision, replay } from '../decider.js';
import { applyReturn } from './returns.js';
import type { Sighting } from './sighting.js';
import { type FlagKind, hasReached, isTooLarge, type Order, type OrderEvent, type SeenBy } from './state.js';

export interface ApplySighting {
  readonly type: 'apply';
  readonly sighting: Sighting;
  readonly providerId: string;
  /** Of the provider's configuration: whose keys it was seen with. Undefined where a person found it. */
  readonly providerRevision?: number | undefined;
  /** Whom orders of this provider are paid to. */
  readonly merchant: string;
  readonly seenBy: SeenBy;
  /** Of what was seen, as it came: 64 hex digits. */
  readonly evidenceSha256: string;
  /** Of the flag that this payment raises, if it raises one: the same for the same payment. */
  readonly flagId: string;
  /** The largest credit, in quota, that one operator's word is enough for. Undefined: any. */
  readonly alone: bigint | undefined;
  /** The payment was credited to another order. */
  readonly isTaken?: boolean | undefined;
  readonly by: string;
}

/**
 * The one door for money. How far the order has come makes no difference to what is paid for it: what comes after it was cancelled is credited.
 * Whatever the order in which sightings come, and however often, they end in one state.
 */
export function applySighting(command: ApplySighting, order: Order): Decision<OrderEvent> {
  const { sighting, by } = command;
  const { order_id, account_id } = order.terms;
  switch (sighting.what) {
    case 'pending':
      return replay();
    case 'failed':
      if (isBefore(command, order) || hasReached(order, 'failed')) return replay();
      return accept({ type: 'order-failed', data: { order_id, account_id, by } });
    case 'closed':
      if (isBefore(command, order) || hasReached(order, 'cancelled')) return replay();
      return accept({ type: 'order-cancelled', data: { order_id, account_id, by } });
    case 'paid':
      return paid(command, order);
    case 'refunded':
    case 'refund-failed':
    case 'disputed':
    case 'dispute-won':
    case 'dispute-lost':
      // What was paid to somebody else is nothing that was taken from us.
      return isOurs(command, order) ? applyReturn(command, order) : replay();
  }
}

function paid(command: ApplySighting, order: Order): Decision<OrderEvent> {
  const { sighting, seenBy, evidenceSha256, flagId, by } = command;
  if (order.paid?.provider_payment === sighting.providerPayment || isFlagged(command, order)) return replay();
  const { order_id, account_id } = order.terms;
  const seen = {
    order_id,
    account_id,
    provider_payment: sighting.providerPayment,
    amount_minor: sighting.amountMinor,
    currency: sighting.currency,
    paid_at: sighting.at.toISOString(),
    seen_by: seenBy,
    evidence_sha256: evidenceSha256,
    by,
  };
  const kind =
    misfit(command, order) ??
    (order.paid || command.isTaken ? 'second-payment' : undefined) ??
    (needsSecond(command, order) ? 'unconfirmed' : undefined);
  return kind === undefined
    ? accept({ type: 'order-paid', data: seen })
    : accept({
        type: 'order-flagged',
        data: {
          ...seen,
          flag_id: flagId,
          kind,
          merchant: sighting.merchant,
          ...(command.isTaken && { refusal: 'order_payment_taken' }),
        },
      });
}

const isOurs = (command: ApplySighting, order: Order): boolean => {
  const kind = misfit(command, order);
  return kind === undefined || kind === 'amount';
};

/** Keys that were given up, or of a test, are known for what was ordered under them, and say nothing of what was ordered later. */
const isBefore = ({ providerRevision }: ApplySighting, { terms }: Order): boolean =>
  providerRevision !== undefined && providerRevision < terms.provider_revision;

/** Looked at before whether there was another payment: which one came first must not tell. */
function misfit(command: ApplySighting, order: Order): FlagKind | undefined {
  const { sighting, providerId, merchant } = command;
  const { terms } = order;
  if (providerId !== terms.provider_id || sighting.merchant !== merchant) return 'merchant';
  if (isBefore(command, order)) return 'merchant';
  if (sighting.currency !== terms.currency) return 'currency';
  return sighting.amountMinor === terms.pay_minor ? undefined : 'amount';
}

/** What one operator said alone is believed when its provider says so too. */
const isFlagged = ({ flagId, seenBy }: ApplySighting, { flags }: Order): boolean => {
  const flag = flags.get(flagId);
  return flag !== undefined && (flag.said.kind !== 'unconfirmed' || seenBy === 'operator');
};

const needsSecond = ({ alone, seenBy, sighting }: ApplySighting, { terms }: Order): boolean =>
  seenBy === 'operator' && isTooLarge(alone, terms, sighting.amountMinor);
