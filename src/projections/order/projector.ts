import { type OrderStatus, orderStatuses } from '../../domain/order/state.js';
import { Patches } from '../runtime/patches.js';
import {
  isOneOf,
  type LedgerEvent,
  type LedgerEventOf,
  type Projection,
  type Queryable,
} from '../runtime/projection.js';
import { assertRows, jsonRows } from '../runtime/rows.js';
import { insertFlags, settleFlags } from './flags.js';
import { ddl, indexes } from './table.js';

/** Orders, what was seen of their money, and whether it was credited; and the money that does not fit. */
export const orders: Projection = {
  name: 'orders',
  group: 'ledger',
  version: '3',
  tables: ['orders', 'order_flags'],
  handles: [
    'order-placed',
    'order-plan-chosen',
    'order-opened',
    'order-paid',
    'order-expired',
    'order-cancelled',
    'order-failed',
    'order-disputed',
    'order-dispute-closed',
    'order-flagged',
    'order-flag-settled',
    'stray-payment-flagged',
    'stray-payment-settled',
    'payment-credited',
    'subscription-started',
    'subscription-renewed',
  ],
  ddl,
  indexes,
  async apply(tx, schema, events) {
    const patches = new Patches<OrderRow>();
    for (const event of events) fold(patches, event);
    await insert(tx, schema, patches.created());
    await update(tx, schema, patches.changed());
    await markCredited(tx, schema, events);
    await insertFlags(tx, schema, events);
    await settleFlags(tx, schema, events);
  },
};

/** Amounts and places as text. */
interface OrderRow {
  readonly order_id: string;
  readonly status?: OrderStatus;
  readonly disputes_open?: number;
  readonly [column: string]: unknown;
}

function fold(patches: Patches<OrderRow>, event: LedgerEvent): void {
  if (isOneOf(event, 'order-placed')) return patches.create(event.data.order_id, placedRow(event));
  if (isOneOf(event, 'order-plan-chosen')) {
    const { order_id, plan_id } = event.data;
    return patches.change(order_id, { order_id, plan_id });
  }
  if (isOneOf(event, 'order-opened')) {
    const { order_id, checkout_ref, checkout_url, checkout_qr, instructions } = event.data;
    const checkout = { checkout_ref, checkout_url, checkout_qr, instructions };
    return patches.change(order_id, { order_id, ...checkout, ...further(patches, order_id, 'opened') });
  }
  if (isOneOf(event, 'order-paid')) {
    const { order_id, provider_payment, amount_minor, paid_at, seen_by } = event.data;
    const paid = { provider_payment, paid_minor: amount_minor.toString(), paid_at, seen_by };
    return patches.change(order_id, { order_id, ...paid, seen_at: event.recordedAt, status: 'paid' });
  }
  if (isOneOf(event, 'order-disputed')) return count(patches, event.data.order_id, 1);
  if (isOneOf(event, 'order-dispute-closed'))
    return count(patches, event.data.order_id, event.data.was_open ? -1 : 0);
  const status = ENDS[event.type];
  if (!status || !('order_id' in event.data)) return;
  const { order_id } = event.data;
  patches.change(order_id, { order_id, ...further(patches, order_id, status) });
}

/** Open disputes: of a row that is made, how many; of another one, how many more. */
function count(patches: Patches<OrderRow>, order_id: string, more: number): void {
  const disputes_open = (patches.of(order_id)?.disputes_open ?? 0) + more;
  patches.change(order_id, { order_id, disputes_open });
}

const placedRow = ({ data, position, recordedAt }: LedgerEventOf<'order-placed'>): OrderRow => ({
  ...data,
  list_minor: data.list_minor.toString(),
  discount_minor: data.discount_minor.toString(),
  fee_minor: data.fee_minor.toString(),
  pay_minor: data.pay_minor.toString(),
  bonus_quota: data.bonus_quota.toString(),
  status: 'placed',
  placed_by: data.by,
  position: position.toString(),
  placed_at: recordedAt,
  disputes_open: 0,
});

const ENDS: { readonly [type: string]: OrderStatus } = {
  'order-expired': 'expired',
  'order-cancelled': 'cancelled',
  'order-failed': 'failed',
};

/** How far an order has come never goes back, within a batch as in the table. */
function further(patches: Patches<OrderRow>, orderId: string, status: OrderStatus): { status: OrderStatus } {
  const earlier = patches.of(orderId)?.status;
  const isFurther = !earlier || orderStatuses.indexOf(status) > orderStatuses.indexOf(earlier);
  return { status: isFurther ? status : earlier };
}

const COLUMNS = `order_id text, account_id uuid, purpose text, plan_id text, provider_id text, provider_revision bigint, method text, currency text,
  list_minor bigint, discount_minor bigint, fee_minor bigint, pay_minor bigint, rate text, credit_usd text, bonus_quota bigint,
  expires_at timestamptz, placed_by text, position bigint, placed_at timestamptz, status text, checkout_ref text, checkout_url text,
  checkout_qr text, instructions text, provider_payment text, paid_minor bigint, paid_at timestamptz, seen_by text, seen_at timestamptz,
  credited_at timestamptz, disputes_open bigint`;

async function insert(tx: Queryable, schema: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(`INSERT INTO ${schema}.orders SELECT row.* FROM json_to_recordset($1) AS row (${COLUMNS})`, [
    jsonRows(rows),
  ]);
}

const STATUSES = `array[${orderStatuses.map((status) => `'${status}'`).join()}]`;

async function update(tx: Queryable, schema: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const { rowCount } = await tx.query(
    `UPDATE ${schema}.orders o
     SET disputes_open = o.disputes_open + coalesce(row.disputes_open, 0),
         status = CASE WHEN array_position(${STATUSES}, coalesce(row.status, o.status)) > array_position(${STATUSES}, o.status) THEN row.status ELSE o.status END,
         plan_id = coalesce(row.plan_id, o.plan_id), checkout_ref = coalesce(row.checkout_ref, o.checkout_ref), checkout_url = coalesce(row.checkout_url, o.checkout_url),
         checkout_qr = coalesce(row.checkout_qr, o.checkout_qr), instructions = coalesce(row.instructions, o.instructions),
         provider_payment = coalesce(row.provider_payment, o.provider_payment), paid_minor = coalesce(row.paid_minor, o.paid_minor),
         paid_at = coalesce(row.paid_at, o.paid_at), seen_by = coalesce(row.seen_by, o.seen_by), seen_at = coalesce(row.seen_at, o.seen_at)
     FROM json_to_recordset($1) AS row (${COLUMNS}) WHERE o.order_id = row.order_id`,
    [jsonRows(rows)],
  );
  assertRows('orders', rowCount, rows.length);
}

/** Most credits are of no order; of a plan's it is a period. */
async function markCredited(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows = events.flatMap((event) => {
    const credited_at = event.recordedAt;
    if (isOneOf(event, 'payment-credited')) return [{ order_id: event.data.payment_id, credited_at }];
    return isOneOf(event, 'subscription-started', 'subscription-renewed')
      ? [{ order_id: event.data.order_id, credited_at }]
      : [];
  });
  if (rows.length === 0) return;
  await tx.query(
    `UPDATE ${schema}.orders o SET credited_at = row.credited_at
     FROM json_to_recordset($1) AS row (order_id text, credited_at timestamptz) WHERE o.order_id = row.order_id`,
    [jsonRows(rows)],
  );
}
