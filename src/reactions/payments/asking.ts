import type { CommandMeta, CommandResult } from '../../commands/handling/command.js';
import type { OrderCommands } from '../../commands/order/commands.js';
import type { SeenBy } from '../../domain/order/state.js';
import type { OrderView } from '../../projections/order/view.js';
import { type Door, through } from './one-door.js';
import type { Checked } from './ports.js';
import {
  type PayableOrder,
  type PaymentProvider,
  type PaymentProviders,
  ProviderUnavailable,
} from './provider.js';

export interface AskingParts {
  readonly commands: Door & Pick<OrderCommands, 'creditOrder'>;
  readonly providers: PaymentProviders;
}

export const payable = (order: OrderView): PayableOrder => ({
  orderId: order.orderId,
  method: order.method,
  currency: order.currency,
  payMinor: order.payMinor,
  placedAt: order.placedAt,
  expiresAt: order.expiresAt,
  checkoutRef: order.checkout?.ref,
});

/** The provider of an order, in the revision that it was placed under. Throws ProviderUnavailable where it is not configured any more. */
export async function providerOf(
  providers: PaymentProviders,
  { providerId, providerRevision }: Pick<OrderView, 'providerId' | 'providerRevision'>,
): Promise<PaymentProvider> {
  const provider = await providers.find(providerId, providerRevision);
  if (!provider) throw new ProviderUnavailable(`${providerId} is not configured`);
  return provider;
}

/** Asks the provider of an order, and takes what it says through the one door. What was paid before is credited in any case. */
export async function ask(
  { commands, providers }: AskingParts,
  order: OrderView,
  by: SeenBy,
  meta: CommandMeta,
): Promise<CommandResult<Checked>> {
  const { orderId } = order;
  try {
    const provider = await providerOf(providers, order);
    const sightings = await provider.query(payable(order));
    const result = await through(commands, provider, sightings, { by, strays: 'flag', meta });
    if (!result) return healed(commands, orderId, 'nothing', meta);
    if (!result.ok) return result;
    const found = sightings.some(({ what }) => what === 'paid')
      ? 'paid'
      : sightings.some(({ what }) => what === 'pending')
        ? 'pending'
        : 'nothing';
    return { ...result, value: { orderId, found } };
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error;
    return healed(commands, orderId, 'unknown', meta);
  }
}

async function healed(
  commands: Pick<OrderCommands, 'creditOrder'>,
  orderId: string,
  found: Checked['found'],
  meta: CommandMeta,
): Promise<CommandResult<Checked>> {
  const credited = await commands.creditOrder({ orderId }, meta);
  if (!credited.ok) return credited;
  return { ...credited, value: { orderId, found: credited.value.isCredited ? 'paid' : found } };
}
