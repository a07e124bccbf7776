import { orderFlagIdOf } from '../handling/identifiers.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { ApplySighting } from './commands.js';
import { handleOrder, type OrderStep } from './load-order.js';
import { suspendDisputed } from './suspend-disputed.js';

/** What was seen of an order's money, through the one door of the domain; what is to be credited of it comes after. */
export const applySighting =
  (dependencies: CommandDependencies): OrderStep<ApplySighting> =>
  async ({ suspends = false, ...input }, meta) => {
    const { orderId, providerPayment } = input.sighting;
    const flagId = orderFlagIdOf(orderId, `payment:${providerPayment}`);
    const command = {
      type: 'apply',
      ...input,
      flagId,
      alone: dependencies.adjustAlone,
      by: meta.actor,
    } as const;
    // Before it is written down: whoever dies in between does both again.
    if (suspends) await suspendDisputed(dependencies, command, meta);
    return handleOrder(dependencies, 'apply-sighting', orderId, meta, () => command);
  };
