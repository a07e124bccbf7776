import { isReturn, type Sighting } from '../../domain/order/sighting.js';
import { orderFlagIdOf } from '../handling/identifiers.js';
import type { CommandMeta, CommandResult } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import { payerOrder } from './claim-payments.js';
import type { ApplySighting } from './commands.js';
import { handleOrder, type OrderStep } from './handle-order.js';
import { loadOrder } from './load-order.js';
import { suspendDisputed } from './suspend-disputed.js';

/** What was seen of an order's money, through the one door of the domain; what is to be credited of it comes after. */
export const applySighting =
  (dependencies: CommandDependencies, failReturned: FailReturned): OrderStep<ApplySighting> =>
  async ({ suspends = false, sighting: seen, ...input }, meta) => {
    const orderId = await concerned(dependencies, input.providerId, seen);
    const sighting = { ...seen, orderId };
    const flagId = orderFlagIdOf(orderId, flagged(sighting));
    const command = {
      type: 'apply',
      ...input,
      sighting,
      flagId,
      alone: dependencies.adjustAlone,
      by: meta.actor,
    } as const;
    // Before it is written down: whoever dies in between does both again.
    if (suspends) await suspendDisputed(dependencies, command, meta);
    const applied = await handleOrder(dependencies, 'apply-sighting', orderId, meta, () => command);
    if (!applied.ok || sighting.what !== 'refund-failed') return applied;
    // Before this is answered: whoever dies in between is told again.
    const { refundId = '', why = 'unknown' } = sighting;
    const failed = await failReturned({ orderId, refundId, why }, meta);
    return failed.ok ? applied : failed;
  };

/** One flag a payment, and one a refund of it that did not arrive. */
const flagged = ({ what, providerPayment, refundId }: Sighting): string =>
  what === 'refund-failed' ? `refund:${refundId ?? providerPayment}` : `payment:${providerPayment}`;

/** Of a refund from here, what was taken for it comes again; nothing of one that was made at the provider. */
export type FailReturned = (
  refund: { readonly orderId: string; readonly refundId: string; readonly why: string },
  meta: CommandMeta,
) => Promise<CommandResult<unknown>>;

/** What goes back is taken from the order that the payment was credited to: a person may have found another one than its provider names. */
async function concerned(
  dependencies: CommandDependencies,
  providerId: string,
  { what, orderId, providerPayment: payment }: Sighting,
): Promise<string> {
  if (!isReturn(what)) return orderId;
  const { state: named } = await loadOrder(dependencies, orderId);
  if (named?.paid?.provider_payment === payment) return orderId;
  return (await payerOrder(dependencies, { providerId, payment })) ?? orderId;
}
