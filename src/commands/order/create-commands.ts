import { checked, type CommandMeta, type CommandResult, type Handler } from '../handling/command.js';
import { orderFlagIdOf } from '../handling/identifiers.js';
import type { CommandDependencies } from '../handling/ports.js';
import { creditPayment } from '../payment/credit-payment.js';
import type { ApplySighting, OrderCommands, OrderStanding, SettleOrderFlag } from './commands.js';
import { creditOrder } from './credit-order.js';
import { handleOrder } from './load-order.js';
import { placeOrder } from './place-order.js';
import { flagStray, settleStray } from './stray-payments.js';

export function createOrderCommands(dependencies: CommandDependencies): OrderCommands {
  const credit = creditOrder(dependencies, creditPayment(dependencies));
  const throughDoor = thenCredited(applySighting(dependencies), credit);
  return {
    placeOrder: checked(placeOrder(dependencies)),
    openOrder: checked(({ orderId, checkout }, meta) =>
      handleOrder(dependencies, 'open-order', orderId, meta, () => ({ type: 'open', checkout })),
    ),
    applySighting: checked(throughDoor),
    creditOrder: checked(credit),
    expireOrder: checked(({ orderId }, meta) =>
      handleOrder(dependencies, 'expire-order', orderId, meta, () => ({
        type: 'expire',
        now: dependencies.now(),
      })),
    ),
    cancelOrder: checked(({ orderId }, meta) =>
      handleOrder(dependencies, 'cancel-order', orderId, meta, () => ({ type: 'cancel', by: meta.actor })),
    ),
    settleOrderFlag: checked(thenCredited(settleFlag(dependencies), credit)),
    flagStray: checked(flagStray(dependencies)),
    settleStray: checked(settleStray(dependencies, throughDoor)),
  };
}

type Step<Input> = (input: Input, meta: CommandMeta) => Promise<CommandResult<{ readonly orderId: string }>>;

/** Whoever dies in between leaves a payment that a repetition credits, and the sweep. */
const thenCredited =
  <Input>(step: Step<Input>, credit: Handler<OrderCommands['creditOrder']>) =>
  async (input: Input, meta: CommandMeta): Promise<CommandResult<OrderStanding>> => {
    const result = await step(input, meta);
    if (!result.ok) return result;
    const credited = await credit({ orderId: result.value.orderId }, meta);
    if (!credited.ok) return credited;
    const position = credited.position > result.position ? credited.position : result.position;
    return { ...credited, position, replayed: result.replayed };
  };

const applySighting =
  (dependencies: CommandDependencies): Step<ApplySighting> =>
  (input, meta) => {
    const { orderId, providerPayment } = input.sighting;
    const flagId = orderFlagIdOf(orderId, `payment:${providerPayment}`);
    return handleOrder(dependencies, 'apply-sighting', orderId, meta, () => ({
      type: 'apply',
      ...input,
      flagId,
      alone: dependencies.adjustAlone,
      by: meta.actor,
    }));
  };

const settleFlag =
  (dependencies: CommandDependencies): Step<SettleOrderFlag> =>
  ({ orderId, flagId, decision, reason }, meta) =>
    handleOrder(dependencies, 'settle-order-flag', orderId, meta, async (order) => ({
      type: 'settle',
      flagId,
      decision,
      alone: dependencies.adjustAlone,
      reason: order ? await dependencies.vault.sealText(order.terms.account_id, reason) : reason,
      by: meta.actor,
    }));
