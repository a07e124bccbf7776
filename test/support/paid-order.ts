import { accountIdOf } from '../../src/commands/handling/identifiers.js';
import { type OrderPrice, priceOrder } from '../../src/domain/order/price.js';
import type { Sighting } from '../../src/domain/order/sighting.js';
import { firstPaymentTerms } from '../../src/domain/setting/payments.js';
import type { CommandWorld } from './command-world.js';

const meta = { actor: 'provider:test', requestId: 'r' };

/** What 500 yuan are credited as. */
export const price: OrderPrice = (() => {
  const found = priceOrder(firstPaymentTerms, 'CNY', '500');
  if ('fault' in found) throw new Error('there is no price');
  return found;
})();

export interface PaidOrder {
  readonly orderId: string;
  readonly externalUserId: string;
  balance(): Promise<bigint>;
  /** What its provider says of its payment. */
  tell(what: Sighting['what'], amountMinor: bigint): Promise<void>;
}

/** Somebody has ordered and paid 500 yuan. */
export async function paidOrder(
  { commands, ...world }: CommandWorld,
  externalUserId: string,
): Promise<PaidOrder> {
  const synced = await commands.syncAccount({ externalUserId, username: externalUserId }, meta);
  if (!synced.ok) throw new Error(synced.refusal.code);
  const placed = await commands.placeOrder(
    {
      ...{ externalUserId, price, asked: { method: 'test', currency: 'CNY', amount: '500' } },
      ...{ providerId: 'test', providerRevision: 1, forMs: 1_800_000, openMost: 9, hourlyMost: 9 },
    },
    meta,
  );
  if (!placed.ok) throw new Error(placed.refusal.code);
  const { orderId } = placed.value;
  const tell = async (what: Sighting['what'], amountMinor: bigint) => {
    const told = await commands.applySighting(
      {
        sighting: {
          ...{ orderId, what, amountMinor, currency: 'CNY', at: new Date(0) },
          ...{ providerPayment: `pi_${orderId}`, merchant: 'test' },
        },
        ...{ providerId: 'test', merchant: 'test', seenBy: 'notification', evidenceSha256: 'e5'.repeat(32) },
      },
      meta,
    );
    if (!told.ok) throw new Error(told.refusal.code);
  };
  await tell('paid', 50_000n);
  return { orderId, externalUserId, balance: () => world.balanceOf(accountIdOf(externalUserId)), tell };
}
