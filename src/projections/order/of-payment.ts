import type { EventStore } from '../../eventstore/event-store.js';
import { withWhatIsBehind } from '../runtime/behind-tables.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import { orders } from './projector.js';

/** Orders that were paid by what a provider calls so, none left out however far the tables are behind. */
export async function ordersPaidBy(
  db: Queryable,
  store: EventStore,
  providerPayment: string,
): Promise<readonly string[]> {
  const found = new Set<string>();
  const all = withWhatIsBehind({ db, store }, orders, () => paidBy(db, providerPayment), {
    type: 'order-paid',
    found: ({ type, data }) =>
      type === 'order-paid' && data.provider_payment === providerPayment ? [data.order_id] : [],
  });
  for await (const orderId of all) found.add(orderId);
  return [...found];
}

async function paidBy(db: Queryable, providerPayment: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ order_id: string }>(
    `SELECT order_id FROM ${schemaOf(orders.name)}.orders WHERE provider_payment = $1 ORDER BY position`,
    [providerPayment],
  );
  return rows.map(({ order_id }) => order_id);
}
