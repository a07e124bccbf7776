import type { CommandDependencies } from '../handling/ports.js';
import type { SettleOrderFlag } from './commands.js';
import { handleOrder, type OrderStep } from './handle-order.js';

/** What an operator says of money that does not fit its order. */
export const settleFlag =
  (dependencies: CommandDependencies): OrderStep<SettleOrderFlag> =>
  ({ orderId, flagId, decision, reason }, meta) =>
    handleOrder(dependencies, 'settle-order-flag', orderId, meta, async (order) => ({
      type: 'settle',
      flagId,
      decision,
      alone: dependencies.adjustAlone,
      reason: order ? await dependencies.vault.sealText(order.terms.account_id, reason) : reason,
      by: meta.actor,
    }));
