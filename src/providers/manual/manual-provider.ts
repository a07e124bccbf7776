import type { PaymentTerms } from '../../domain/setting/payments.js';
import { type PaymentProvider, ProviderUnavailable } from '../../reactions/payments/provider.js';

export const MANUAL = 'manual';
const DAYS_7 = 7 * 24 * 3_600_000;

/** Transfers: people are told where to pay, and an operator records what came in. */
export function createManualProvider(bank: () => Promise<PaymentTerms['bank']>): PaymentProvider {
  return {
    id: MANUAL,
    revision: 1,
    merchant: MANUAL,
    checkoutMs: DAYS_7,
    open: async ({ orderId }) => {
      const offered = await bank();
      if (!offered) throw new ProviderUnavailable('transfers are not offered any more');
      return { ref: orderId, instructions: offered.instructions };
    },
    // Nobody can be asked but the operator.
    query: () => Promise.resolve([]),
    readNotification: () => 'forged',
    acknowledge: () => ({ status: 404, type: 'text/plain', body: 'not found' }),
  };
}
