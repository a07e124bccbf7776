import type { Account } from '../../domain/account/state.js';
import { orderDecider } from '../../domain/order/decide.js';
import type { OrderTerms } from '../../domain/order/state.js';
import type { Refusal } from '../../domain/refusal.js';
import { loadAccount } from '../account/load-account.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { accountIdOf } from '../handling/identifiers.js';
import { lastPosition, refused, writeOf } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadRequestClaim } from '../handling/request-claims.js';
import { choosePlan } from './choose-plan.js';
import type { OrderCommands, PlaceOrder } from './commands.js';
import { loadOrder } from './load-order.js';
import { newOrderId } from './order-id.js';

const NAME = 'place-order';
const OWNER = 'order:';

/** Somebody means to pay: the price is fixed now, and nothing that changes later changes this order. */
export function placeOrder(dependencies: CommandDependencies): Handler<OrderCommands['placeOrder']> {
  return (input, meta) => {
    const accountId = accountIdOf(input.externalUserId);
    const newId = newOrderId(dependencies);
    return handle(dependencies, NAME, meta, async () => {
      const account = await loadAccount(dependencies, input.externalUserId);
      if (!account.state) return refused({ code: 'account_not_found' });
      const request = { name: NAME, accountId, request: input.asked };
      const claim = await loadRequestClaim(dependencies, request, meta);
      if (claim && 'refusal' in claim) return refused(claim.refusal);
      const orderId = claim?.owner?.slice(OWNER.length) ?? newId;
      const order = await loadOrder(dependencies, orderId);
      const plan = order.state ? undefined : await choosePlan(dependencies, accountId, input);
      if (plan && 'code' in plan) return refused(plan);
      const refusal = order.state ? undefined : await refusalOf(dependencies, orderId, account.state, input);
      if (refusal) return refused(refusal);
      const terms = termsOf(orderId, account.state, input, { now: dependencies.now(), by: meta.actor });
      const decision = orderDecider.decide({ type: 'place', terms, plan }, order.state);
      if (decision.kind === 'refused') return decision;
      const claiming = claim?.claim(`${OWNER}${orderId}`);
      // The claim first: where it is stored alone, its order is placed by the repetition that it sends here.
      const writes = [...(claiming ? [claiming] : []), writeOf(order, decision.events)];
      return {
        kind: 'accepted',
        writes,
        value: { orderId, accountId },
        position: lastPosition(order),
        replayed: decision.replayed ?? false,
      };
    });
  };
}

async function refusalOf(
  { orderSlots, now }: CommandDependencies,
  orderId: string,
  { accountId, erased, suspended }: Account,
  { openMost, hourlyMost }: PlaceOrder,
): Promise<Refusal | undefined> {
  if (erased) return { code: 'account_erased' };
  if (suspended) return { code: 'account_suspended' };
  const slot = await orderSlots.take({ orderId, accountId, now: now(), openMost, hourlyMost });
  if (slot === 'open-most') return { code: 'orders_open_most', max: openMost };
  return slot === 'hourly-most' ? { code: 'orders_hourly_most', max: hourlyMost } : undefined;
}

function termsOf(
  orderId: string,
  { accountId, userId }: Account,
  { asked, providerId, providerRevision, price, plan, forMs }: PlaceOrder,
  { now, by }: { readonly now: Date; readonly by: string },
): OrderTerms {
  return {
    order_id: orderId,
    account_id: accountId,
    user_id: userId,
    purpose: plan ? 'plan' : 'topup',
    ...(plan && { plan_version: plan.version }),
    provider_id: providerId,
    provider_revision: providerRevision,
    method: asked.method,
    currency: price.currency,
    list_minor: price.listMinor,
    discount_minor: price.discountMinor,
    fee_minor: price.feeMinor,
    pay_minor: price.payMinor,
    rate: price.rate,
    credit_usd: price.creditUsd,
    bonus_quota: price.bonusQuota,
    expires_at: new Date(now.getTime() + forMs).toISOString(),
    by,
  };
}
