import { randomUUID } from 'node:crypto';
import type { Sighting } from '../../domain/order/sighting.js';
import { findOrder } from '../../projections/order/query.js';
import type { DeskParts } from './desk.js';
import { through } from './one-door.js';
import { type PaymentProvider, ProviderUnavailable } from './provider.js';

const LISTED_BACK_MS = 72 * 3_600_000;

/** Asks every provider that can say so for all its payments of three days: what nobody told of is taken, and what is for no order is flagged. */
export async function listed(
  { db, commands, providers, onFault }: Pick<DeskParts, 'db' | 'commands' | 'providers' | 'onFault'>,
  now: Date,
): Promise<void> {
  for (const provider of await providers.all())
    try {
      const sightings = await provider.list?.(new Date(now.getTime() - LISTED_BACK_MS));
      for (const sighting of sightings ?? [])
        if (await isNews(db, provider, sighting))
          await through(commands, provider, [sighting], {
            by: 'sweep',
            strays: 'flag',
            meta: { actor: 'system', requestId: randomUUID() },
          });
    } catch (error) {
      // In an hour it is asked again.
      if (!(error instanceof ProviderUnavailable)) onFault(error);
    }
}

/** What was credited before is none, and another provider of the same merchant is asked for its own orders. */
async function isNews(
  db: DeskParts['db'],
  { id }: PaymentProvider,
  { orderId, providerPayment }: Sighting,
): Promise<boolean> {
  const order = orderId === '' ? undefined : await findOrder(db, orderId);
  if (!order) return true;
  const isCredited = order.credited !== undefined && order.paid?.providerPayment === providerPayment;
  return order.providerId === id && !isCredited;
}
