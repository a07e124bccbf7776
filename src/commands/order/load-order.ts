import { orderDecider, type OrderCommand } from '../../domain/order/decide.js';
import type { Order, OrderState } from '../../domain/order/state.js';
import { orderStream } from '../../domain/streams.js';
import type { CommandMeta, CommandResult } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { orderUuidOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import { planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';

export const loadOrder = (
  { store }: Pick<CommandDependencies, 'store'>,
  orderId: string,
): Promise<Loaded<OrderState>> => load(store, orderStream(orderUuidOf(orderId)), orderDecider);

/** A command that touches the stream of an order alone. */
export function handleOrder(
  dependencies: CommandDependencies,
  name: string,
  orderId: string,
  meta: CommandMeta,
  commandOf: (order: Order | undefined) => OrderCommand | Promise<OrderCommand>,
): Promise<CommandResult<{ readonly orderId: string; readonly accountId: string }>> {
  return handle(dependencies, name, meta, async () => {
    const order = await loadOrder(dependencies, orderId);
    const decision = orderDecider.decide(await commandOf(order.state), order.state);
    return planOne(order, decision, { orderId, accountId: order.state?.terms.account_id ?? '' });
  });
}

/** One thing that is done to an order; its credit may come after it. */
export type OrderStep<Input> = (
  input: Input,
  meta: CommandMeta,
) => Promise<CommandResult<{ readonly orderId: string }>>;
