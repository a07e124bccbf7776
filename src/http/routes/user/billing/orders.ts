import { amountText } from '../../../../domain/money/currency.js';
import { decimal } from '../../../../domain/money/decimal.js';
import { quotaOfUsd } from '../../../../domain/money/quota.js';
import type { BilledStatus, OrderView } from '../../../../projections/order/view.js';
import type { BillingFilter, BillingPlace } from '../../../../projections/statistics/billing/rows.js';
import type { UserContext } from '../../../area-contexts.js';
import { MOST_COUNTED } from '../../../cursor.js';
import { ownAccount } from '../../../endpoint.js';
import type { Bilingual } from '../../../failure.js';
import { endOfDay, ledgerTimeIso, startOfDay } from '../../../ledger-days.js';
import { usd } from '../../../present.js';

interface OrdersAsked extends BillingFilter {
  readonly status: Exclude<BilledStatus, 'completed'>;
}

/** Top-ups that credited nothing (yet), as rows of the bill: the newest first. Every other row has moved the balance. */
export async function orderRows(
  context: UserContext,
  { status, type, from, to }: OrdersAsked,
  { after, limit }: { readonly after: BillingPlace | undefined; readonly limit: number },
) {
  if (type !== undefined && type !== 'topup') return { billing: [], next_cursor: null, total: 0 };
  const { orders } = ownAccount(context);
  const { timezone } = context.settings;
  const filter = { status, from: startOfDay(from, timezone), until: endOfDay(to, timezone) };
  const [found, total] = await Promise.all([
    orders.list({ before: after?.position, limit: limit + 1 }, filter),
    orders.count(MOST_COUNTED, filter),
  ]);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    billing: rows.map((order) => presentOrderRow(order, status, context)),
    next_cursor: found.length > limit && last ? `${dayOf(last, timezone)}~${last.position.toString()}` : null,
    total,
  };
}

const describe = ({ plan }: OrderView, paying: string): Bilingual =>
  plan
    ? { zh: `套餐 ${plan.name}：${paying}`, en: `Plan ${plan.name}: ${paying}` }
    : { zh: `充值：${paying}`, en: `Top-up: ${paying}` };

const dayOf = ({ placedAt }: OrderView, zone: string): string => ledgerTimeIso(placedAt, zone).slice(0, 10);

function presentOrderRow(
  order: OrderView,
  status: OrdersAsked['status'],
  { settings: { timezone }, language }: UserContext,
) {
  const quota = quotaOfUsd(decimal(order.creditUsd));
  const paying = `${amountText(order.payMinor, order.currency)} ${order.currency}`;
  return {
    id: order.orderId,
    type: 'topup' as const,
    status,
    amount_usd: usd(quota),
    quota_amount: quota,
    description: describe(order, paying)[language],
    transaction_id: order.orderId,
    balance_after: null,
    balance_after_usd: null,
    created_at: ledgerTimeIso(order.placedAt, timezone),
    day: dayOf(order, timezone),
    model: null,
    calls: 0,
  };
}
