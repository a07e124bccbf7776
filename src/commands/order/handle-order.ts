import { orderDecider, type OrderCommand } from '../../domain/order/decide.js';
import type { Order, OrderState } from '../../domain/order/state.js';
import type { CommandMeta, CommandResult } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import type { Loaded } from '../handling/load.js';
import { type Plan, planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { claimPayments, type ClaimPorts } from './claim-payments.js';
import { loadOrder } from './load-order.js';

/**
 * What a command wants to happen to an order, and what claims its money. Where that is another order's, what a provider says is decided again as
 * such; a person is refused, and so is everybody while another order is about to take it.
 */
export async function planOrder<Value>(
  dependencies: ClaimPorts,
  order: Loaded<OrderState>,
  command: OrderCommand,
  value: Value,
): Promise<Plan<Value>> {
  const decision = orderDecider.decide(command, order.state);
  const plan = planOne(order, decision, value);
  if (plan.kind === 'refused' || decision.kind === 'refused' || !order.state) return plan;
  const claims = await claimPayments(dependencies, order.state.terms, decision.events);
  if (claims.kind === 'claimed') return { ...plan, writes: [...claims.writes, ...plan.writes] };
  const isFlagged =
    claims.kind === 'taken' && command.type === 'apply' && command.providerRevision !== undefined;
  return isFlagged
    ? planOne(order, orderDecider.decide({ ...command, isTaken: true }, order.state), value)
    : refused({ code: 'order_payment_taken' });
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
