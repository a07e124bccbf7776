import { checked, type CommandMeta, type CommandResult, type Handler } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import { creditPayment } from '../payment/credit-payment.js';
import { applySighting, type FailReturned } from './apply-sighting.js';
import type { OrderCommands, OrderStanding } from './commands.js';
import { creditOrder } from './credit-order.js';
import { handleOrder, type OrderStep } from './handle-order.js';
import { placeOrder } from './place-order.js';
import { settleFlag } from './settle-flag.js';
import { reinstateUndisputed } from './suspend-disputed.js';
import { flagStray, settleStray } from './stray-payments.js';

export function createOrderCommands(
  dependencies: CommandDependencies,
  failReturned: FailReturned,
): OrderCommands {
  const credit = creditOrder(dependencies, creditPayment(dependencies));
  const throughDoor = thenCredited(applySighting(dependencies, failReturned), credit);
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
    reinstateUndisputed: checked(({ orderId }, meta) => reinstateUndisputed(dependencies, orderId, meta)),
    flagStray: checked(flagStray(dependencies)),
    settleStray: checked(settleStray(dependencies, credit)),
  };
}

/** Whoever dies in between leaves a payment that a repetition credits, and the sweep. */
const thenCredited =
  <Input>(step: OrderStep<Input>, credit: Handler<OrderCommands['creditOrder']>) =>
  async (input: Input, meta: CommandMeta): Promise<CommandResult<OrderStanding>> => {
    const result = await step(input, meta);
    if (!result.ok) return result;
    const credited = await credit({ orderId: result.value.orderId }, meta);
    if (!credited.ok) return credited;
    const position = credited.position > result.position ? credited.position : result.position;
    return { ...credited, position, replayed: result.replayed };
  };
