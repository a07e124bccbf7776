import { orderDecider, type OrderCommand } from '../../domain/order/decide.js';
import type { Order, OrderState } from '../../domain/order/state.js';
import { orderStream } from '../../domain/streams.js';
import type { CommandMeta, CommandResult } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { orderUuidOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import { type Plan, planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { claimPayments, TAKEN } from './claim-payments.js';

export const loadOrder = (
  { store }: Pick<CommandDependencies, 'store'>,
  orderId: string,
): Promise<Loaded<OrderState>> => load(store, orderStream(orderUuidOf(orderId)), orderDecider);

/** What a command wants to happen to an order, and what claims its money. */
export async function planOrder<Value>(
  dependencies: Pick<CommandDependencies, 'store' | 'keyring'>,
  order: Loaded<OrderState>,
  command: OrderCommand,
  value: Value,
): Promise<Plan<Value>> {
  const decision = orderDecider.decide(command, order.state);
  const plan = planOne(order, decision, value);
  if (plan.kind === 'refused' || decision.kind === 'refused' || !order.state) return plan;
  const claims = await claimPayments(dependencies, order.state.terms, decision.events);
  return claims === TAKEN
    ? refused({ code: 'order_payment_taken' })
    : { ...plan, writes: [...claims, ...plan.writes] };
}

/** A command to one order. */
export function handleOrder(
  dependencies: CommandDependencies,
  name: string,
  orderId: string,
  meta: CommandMeta,
  commandOf: (order: Order | undefined) => OrderCommand | Promise<OrderCommand>,
): Promise<CommandResult<{ readonly orderId: string; readonly accountId: string }>> {
  return handle(dependencies, name, meta, async () => {
    const order = await loadOrder(dependencies, orderId);
    const value = { orderId, accountId: order.state?.terms.account_id ?? '' };
    return planOrder(dependencies, order, await commandOf(order.state), value);
  });
}

/** One thing that is done to an order; its credit may come after it. */
export type OrderStep<Input> = (
  input: Input,
  meta: CommandMeta,
) => Promise<CommandResult<{ readonly orderId: string }>>;
