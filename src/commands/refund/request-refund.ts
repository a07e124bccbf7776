import type { Order } from '../../domain/order/state.js';
import { paymentDecider } from '../../domain/payment/decide.js';
import { refundDecider } from '../../domain/refund/decide.js';
import type { RefundTerms } from '../../domain/refund/state.js';
import type { Refusal } from '../../domain/refusal.js';
import { paymentStream } from '../../domain/streams.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { paymentUuidOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { lastPosition, refused, writeOf } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadRequestClaim } from '../handling/request-claims.js';
import { loadOrder } from '../order/load-order.js';
import { newRefundId } from '../order/order-id.js';
import { loadRefund } from '../payment/sent-refunds.js';
import type { RefundCommands } from './commands.js';
import { refundShare } from './refund-share.js';
import { standingOf } from './standing.js';

const NAME = 'request-refund';
const OWNER = 'refund:';

/** Money of an order is to go back: said before anything is taken, so that whoever dies leaves what the next one goes on with. */
export function requestRefund(dependencies: CommandDependencies): Handler<RefundCommands['requestRefund']> {
  return ({ orderId, amountMinor, reason }, meta) => {
    const newId = newRefundId(dependencies);
    return handle(dependencies, NAME, meta, async () => {
      const order = await loadOrder(dependencies, orderId);
      if (!order.state) return refused({ code: 'order_not_found' });
      const accountId = order.state.terms.account_id;
      const request = { name: NAME, accountId, request: { orderId, amountMinor, reason } };
      const claim = await loadRequestClaim(dependencies, request, meta);
      if (claim && 'refusal' in claim) return refused(claim.refusal);
      const refundId = claim?.owner?.slice(OWNER.length) ?? newId;
      const refund = await loadRefund(dependencies, refundId);
      const found = refund.state
        ? refund.state.terms
        : await termsOf(dependencies, order.state, { refundId, amountMinor, reason, by: meta.actor });
      if ('code' in found) return refused(found);
      const decision = refundDecider.decide({ type: 'request', terms: found }, refund.state);
      if (decision.kind === 'refused') return decision;
      const claiming = claim?.claim(`${OWNER}${refundId}`);
      // The claim first: where it is stored alone, its refund is asked for by the repetition that it sends here.
      const writes = [...(claiming ? [claiming] : []), writeOf(refund, decision.events)];
      return {
        kind: 'accepted',
        writes,
        value: standingOf(refund.state ?? { terms: found, status: 'requested' }),
        position: lastPosition(refund),
        replayed: decision.replayed ?? false,
      };
    });
  };
}

async function termsOf(
  dependencies: CommandDependencies,
  order: Order,
  {
    refundId,
    amountMinor,
    reason,
    by,
  }: { refundId: string; amountMinor: bigint | undefined; reason: string; by: string },
): Promise<RefundTerms | Refusal> {
  const { terms, paid } = order;
  const payment = await load(
    dependencies.store,
    paymentStream(paymentUuidOf(terms.order_id)),
    paymentDecider,
  );
  const share = await refundShare(dependencies, order, payment.state);
  if (!share || !paid) return { code: 'payment_not_found' };
  const amount = amountMinor ?? share.leftMinor;
  if (amount > share.leftMinor || share.leftMinor === 0n)
    return { code: 'refund_exceeds_payment', remainingUsd: share.leftUsd };
  if (amount <= 0n || share.quotaOf(amount) <= 0n) return { code: 'amount_invalid', field: 'amount_usd' };
  return {
    refund_id: refundId,
    order_id: terms.order_id,
    account_id: terms.account_id,
    user_id: terms.user_id,
    provider_id: terms.provider_id,
    provider_revision: terms.provider_revision,
    provider_payment: paid.provider_payment,
    currency: terms.currency,
    amount_minor: amount,
    reason: await dependencies.vault.sealText(terms.account_id, reason),
    by,
  };
}
