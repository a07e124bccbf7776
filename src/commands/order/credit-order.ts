import { accountDecider } from '../../domain/account/decide.js';
import { decimal } from '../../domain/money/decimal.js';
import { quotaOfUsd } from '../../domain/money/quota.js';
import { type ChosenPlan, creditOf, type Order } from '../../domain/order/state.js';
import type { Refusal } from '../../domain/refusal.js';
import { accountStream } from '../../domain/streams.js';
import type { CommandMeta, CommandResult, Handler } from '../handling/command.js';
import { orderFlagIdOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { lastPosition } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { PaymentCommands } from '../payment/commands.js';
import { bookPeriod } from '../subscription/book-period.js';
import { settlePeriod } from '../subscription/settle-period.js';
import { bookReturns } from './book-returns.js';
import type { OrderCommands, OrderStanding } from './commands.js';
import { handleOrder } from './handle-order.js';
import { loadOrder } from './load-order.js';

type Credit = Handler<PaymentCommands['creditPayment']>;

/**
 * The credit is a `payment-credited` under the id of the order, the first event of its own stream: however often this runs, and in however many
 * places at once, there is one. What cannot be credited is flagged for somebody to look at.
 */
export function creditOrder(
  dependencies: CommandDependencies,
  credit: Credit,
): Handler<OrderCommands['creditOrder']> {
  return async ({ orderId }, meta) => {
    const order = await loadOrder(dependencies, orderId);
    if (!order.state) return { ok: false, refusal: { code: 'order_not_found' } };
    const amountUsd = creditOf(order.state);
    if (amountUsd === undefined)
      return { ok: true, value: standing(order.state, false), position: lastPosition(order), replayed: true };
    if (order.state.plan) return bookPlan(dependencies, order.state, order.state.plan, meta);
    const account = await load(
      dependencies.store,
      accountStream(order.state.terms.account_id),
      accountDecider,
    );
    const credited: CommandResult<unknown> = account.state
      ? await credit({ externalUserId: account.state.externalUserId, amountUsd, paymentId: orderId }, meta)
      : { ok: false, refusal: { code: 'account_not_found' } };
    if (!credited.ok) return flagged(dependencies, order.state, credited.refusal, meta);
    const booked = await bookReturns(dependencies, orderId, meta);
    if (!booked.ok) return booked;
    const position = booked.position > credited.position ? booked.position : credited.position;
    return { ...credited, position, value: standing(order.state, true) };
  };
}

/** Of a plan the credit is a period of it. */
async function bookPlan(
  dependencies: CommandDependencies,
  order: Order,
  plan: ChosenPlan,
  meta: CommandMeta,
): Promise<CommandResult<OrderStanding>> {
  const quota = quotaOfUsd(decimal(creditOf(order) ?? '0'));
  const booked = await bookPeriod(dependencies, { terms: order.terms, plan, quota }, meta);
  if (!booked.ok) return flagged(dependencies, order, booked.refusal, meta);
  const returned = await bookReturns(dependencies, order.terms.order_id, meta);
  if (!returned.ok) return returned;
  // What went back already gives nothing; what cannot be given at this moment is given when it can be.
  const settled = await settlePeriod(dependencies)(booked.value, meta);
  const positions = [booked.position, returned.position, ...(settled.ok ? [settled.position] : [])];
  const position = positions.reduce((last, each) => (each > last ? each : last));
  return { ...booked, position, value: standing(order, true) };
}

async function flagged(
  dependencies: CommandDependencies,
  order: Order,
  { code }: Refusal,
  meta: CommandMeta,
): Promise<CommandResult<OrderStanding>> {
  const orderId = order.terms.order_id;
  const flagId = orderFlagIdOf(orderId, 'uncreditable');
  const result = await handleOrder(dependencies, 'flag-uncreditable-order', orderId, meta, () => ({
    type: 'flag-uncreditable',
    flagId,
    refusal: code,
    // Of what was taken for the order nothing but this is known.
    merchant: order.terms.provider_id,
    by: meta.actor,
  }));
  if (!result.ok) return result;
  const after = await loadOrder(dependencies, orderId);
  return { ...result, value: standing(after.state ?? order, false) };
}

export function standing(order: Order, isCredited: boolean): OrderStanding {
  const { status, terms, flags } = order;
  const open = [...flags.values()].filter(({ decision }) => decision === undefined);
  return {
    orderId: terms.order_id,
    accountId: terms.account_id,
    status,
    isCredited,
    openFlags: open.map(({ said }) => said.kind),
  };
}
