import type { Sighting } from '../../domain/order/sighting.js';
import { strayDecider } from '../../domain/stray/decide.js';
import type { Stray } from '../../domain/stray/state.js';
import { strayStream } from '../../domain/streams.js';
import type { CommandMeta, Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { orderFlagIdOf, strayFlagIdOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { type Plan, planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { ApplySighting, FlaggedStray, OrderCommands } from './commands.js';
import { planOrder } from './handle-order.js';
import { loadOrder } from './load-order.js';

const loadStray = ({ store }: CommandDependencies, flagId: string) =>
  load(store, strayStream(flagId), strayDecider);

/** Money of which nobody knows what it is for: one flag a payment, however often it is seen. */
export function flagStray(dependencies: CommandDependencies): Handler<OrderCommands['flagStray']> {
  return ({ sighting, providerId, seenBy, evidenceSha256 }, meta) => {
    const flagId = strayFlagIdOf(providerId, sighting.providerPayment);
    return handle(dependencies, 'flag-stray-payment', meta, async () => {
      const stray = await loadStray(dependencies, flagId);
      const said = {
        flag_id: flagId,
        provider_id: providerId,
        provider_payment: sighting.providerPayment,
        named_order: sighting.orderId === '' ? null : sighting.orderId,
        amount_minor: sighting.amountMinor,
        currency: sighting.currency,
        merchant: sighting.merchant,
        paid_at: sighting.at.toISOString(),
        seen_by: seenBy,
        evidence_sha256: evidenceSha256,
        by: meta.actor,
      };
      return planOne(stray, strayDecider.decide({ type: 'flag', said }, stray.state), { flagId });
    });
  };
}

type Credit = Handler<OrderCommands['creditOrder']>;

/**
 * What is credited goes through the one door of its order, in one write with the word that it was: two operators who find two orders for the same
 * money credit one of them. Whoever dies in between leaves what a repetition completes.
 */
export function settleStray(
  dependencies: CommandDependencies,
  credit: Credit,
): Handler<OrderCommands['settleStray']> {
  return async ({ flagId, decision, orderId, reason }, meta) => {
    const command = { type: 'settle', flagId, decision, orderId, reason, by: meta.actor } as const;
    const settled = await handle(dependencies, 'settle-stray-payment', meta, async (): Promise<Planned> => {
      const stray = await loadStray(dependencies, flagId);
      const plan = planOne(stray, strayDecider.decide(command, stray.state), { flagId });
      if (plan.kind === 'refused' || !stray.state || orderId === undefined) return plan;
      const taken = await takenFor(dependencies, stray.state.said, orderId, meta);
      // What is claimed stands first: the same money is for one order alone.
      return taken.kind === 'refused' ? taken : { ...plan, writes: [...plan.writes, ...taken.writes] };
    });
    if (!settled.ok || orderId === undefined) return settled;
    const credited = await credit({ orderId }, meta);
    return credited.ok ? settled : credited;
  };
}

type Planned = Plan<FlaggedStray>;

/** The order's part of it, as if its provider had said so. */
async function takenFor(
  dependencies: CommandDependencies,
  said: Stray['said'],
  orderId: string,
  meta: CommandMeta,
): Promise<Plan<FlaggedStray>> {
  const { provider_payment: payment, named_order: named } = said;
  const meant = named === null || named === orderId ? undefined : await loadOrder(dependencies, named);
  // The order that it named was there after all, and has it.
  if (meant?.state?.paid?.provider_payment === payment) return refused({ code: 'order_flag_uncreditable' });
  const order = await loadOrder(dependencies, orderId);
  const command = {
    type: 'apply',
    ...seenAs(said, orderId),
    flagId: orderFlagIdOf(orderId, `payment:${payment}`),
    alone: dependencies.adjustAlone,
    by: meta.actor,
  } as const;
  return planOrder(dependencies, order, command, { flagId: said.flag_id });
}

/** As its provider said it, and for the order that an operator found. */
function seenAs(said: Stray['said'], orderId: string): ApplySighting {
  const sighting: Sighting = {
    orderId,
    providerPayment: said.provider_payment,
    merchant: said.merchant,
    currency: said.currency,
    amountMinor: said.amount_minor,
    at: new Date(said.paid_at),
    what: 'paid',
  };
  return {
    sighting,
    providerId: said.provider_id,
    merchant: said.merchant,
    seenBy: said.seen_by,
    evidenceSha256: said.evidence_sha256,
  };
}
