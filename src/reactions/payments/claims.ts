import type { OrderCommands } from '../../commands/order/commands.js';
import { checked } from '../../commands/handling/command.js';
import type { OrderView } from '../../projections/order/view.js';
import type { Alerts } from '../alerts/alerts.js';

/** Somebody says to have paid, and the provider knows of nothing: a case that operators see until the money is credited, or they close it. */
export interface PaymentClaims {
  open(order: Pick<OrderView, 'orderId' | 'externalUserId' | 'providerId'>): Promise<void>;
}

export const PAYMENT_CLAIMED = 'payment-claimed';
const keyOf = (orderId: string): string => `${PAYMENT_CLAIMED}/${orderId}`;

/** However often it is said, it is one case. */
export const createPaymentClaims = (alerts: Pick<Alerts, 'raise'>): PaymentClaims => ({
  open: async ({ orderId, externalUserId, providerId }) => {
    await alerts.raise({
      key: keyOf(orderId),
      kind: PAYMENT_CLAIMED,
      severity: 'warning',
      summary: `The payer of order ${orderId} says to have paid, and the provider knows of no payment. Look at the order, and at the provider's own pages; where the money is there, record it.`,
      details: { order: orderId, user: externalUserId, provider: providerId },
    });
  },
});

/** The same commands: whatever credits an order ends its case. */
export function endingClaims(commands: OrderCommands, alerts: Pick<Alerts, 'resolve'>): OrderCommands {
  const { applySighting, creditOrder } = commands;
  return {
    ...commands,
    applySighting: checked(async (seen, meta) => {
      const result = await applySighting(seen, meta);
      if (result.ok && result.value.isCredited) await alerts.resolve(keyOf(result.value.orderId));
      return result;
    }),
    creditOrder: checked(async (order, meta) => {
      const result = await creditOrder(order, meta);
      if (result.ok && result.value.isCredited) await alerts.resolve(keyOf(order.orderId));
      return result;
    }),
  };
}
