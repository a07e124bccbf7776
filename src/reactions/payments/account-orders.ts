import type { CommandMeta, CommandResult } from '../../commands/handling/command.js';
import type { OrderCommands } from '../../commands/order/commands.js';
import { countOrders, findOrder, listOrders } from '../../projections/order/query.js';
import type { OrderView } from '../../projections/order/view.js';
import type { Queryable } from '../../projections/runtime/projection.js';
import { ask, payable, providerOf } from './asking.js';
import type { PaymentClaims } from './claims.js';
import type { AccountOrders, NewOrder } from './ports.js';
import { type PaymentProviders, ProviderUnavailable } from './provider.js';
import { nextPoll, type PaymentSchedule } from './schedule.js';

export interface AccountOrdersParts {
  readonly db: Queryable;
  readonly commands: OrderCommands;
  readonly providers: PaymentProviders;
  readonly schedule: Pick<PaymentSchedule, 'add' | 'mayAsk'>;
  /** Whether the read models have the position in time. */
  readonly waitFor: (position: bigint) => Promise<boolean>;
  readonly terms: () => Promise<{ readonly open_most: number; readonly hourly_most: number }>;
  readonly claims: PaymentClaims;
  readonly now: () => Date;
}

const NOT_FOUND = { ok: false, refusal: { code: 'order_not_found' } } as const;

/** The orders of one account. */
export function accountOrders(
  parts: AccountOrdersParts,
  { accountId, externalUserId }: { readonly accountId: string; readonly externalUserId: string },
): AccountOrders {
  const { db, commands, providers } = parts;
  const find = (orderId: string) => findOrder(db, orderId, accountId);
  return {
    list: (page, filter) => listOrders(db, { ...filter, accountId }, page),
    count: (most, filter) => countOrders(db, { ...filter, accountId }, most),
    find,
    commands: {
      place: (order, meta) => place(parts, { accountId, externalUserId }, order, meta),
      check: async (orderId, meta) => {
        const order = await find(orderId);
        if (!order) return NOT_FOUND;
        if (!(await parts.schedule.mayAsk(orderId, parts.now()))) return asItIs(order);
        const asked = await ask({ commands, providers }, order, 'query', meta);
        if (asked.ok && (asked.value.found === 'nothing' || asked.value.found === 'unknown'))
          await parts.claims.open(order);
        return asked;
      },
      cancel: async (orderId, meta) => {
        const order = await find(orderId);
        return order ? cancel(parts, order, meta) : NOT_FOUND;
      },
    },
  };
}

/** The provider was asked a moment ago. */
const asItIs = ({ orderId, paid, position }: OrderView) =>
  ({
    ok: true,
    value: { orderId, found: paid ? 'paid' : 'nothing' },
    position,
    replayed: true,
  }) as const;

async function place(
  parts: AccountOrdersParts,
  account: { readonly accountId: string; readonly externalUserId: string },
  { asked, offered, price, plan }: NewOrder,
  meta: CommandMeta,
): Promise<CommandResult<{ readonly orderId: string }>> {
  const { commands, providers, schedule, terms } = parts;
  const provider = await providers.find(offered.providerId);
  if (!provider) throw new ProviderUnavailable(`${offered.providerId} is not configured`);
  const { open_most: openMost, hourly_most: hourlyMost } = await terms();
  const placed = await commands.placeOrder(
    {
      externalUserId: account.externalUserId,
      asked,
      providerId: provider.id,
      providerRevision: provider.revision,
      price,
      plan,
      forMs: provider.checkoutMs,
      openMost,
      hourlyMost,
    },
    meta,
  );
  if (!placed.ok || !(await parts.waitFor(placed.position))) return placed;
  const order = await findOrder(parts.db, placed.value.orderId, account.accountId);
  if (!order || order.stage !== 'placed') return placed;
  const nextAt = nextPoll(order, parts.now());
  if (nextAt) await schedule.add([{ orderId: order.orderId, nextAt }]);
  const opened = await open(parts, order, meta);
  return opened.ok ? { ...opened, replayed: placed.replayed } : opened;
}

/** What the provider opened is stored before anybody is sent there. */
async function open(
  { commands, providers }: AccountOrdersParts,
  order: OrderView,
  meta: CommandMeta,
): Promise<CommandResult<{ readonly orderId: string }>> {
  const provider = await providerOf(providers, order);
  const checkout = await provider.open(payable(order));
  return commands.openOrder({ orderId: order.orderId, checkout }, meta);
}

/** Who was paid meanwhile says so; where nobody can be asked, what was paid is credited when it is seen. */
async function cancel(
  { commands, providers }: AccountOrdersParts,
  order: OrderView,
  meta: CommandMeta,
): Promise<CommandResult<{ readonly orderId: string }>> {
  const asked = await ask({ commands, providers }, order, 'query', meta);
  if (!asked.ok) return asked;
  try {
    const provider = await providerOf(providers, order);
    if (provider.close) {
      await provider.close(payable(order));
      // What could not be closed any more was paid in between.
      const again = await ask({ commands, providers }, order, 'query', meta);
      if (!again.ok) return again;
    }
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error;
  }
  return commands.cancelOrder({ orderId: order.orderId }, meta);
}
