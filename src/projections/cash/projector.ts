import { storableText } from '../runtime/rows.js';
import { isOneOf, type LedgerEvent, type Projection, type Queryable } from '../runtime/projection.js';
import { type CashEntry, entryOfChange, entryOfMovement, entryOfPeriod } from './legs.js';
import { type CashFact, type CashOrder, cashOrderOf, factOf, keyOfFact, withFacts } from './order-cash.js';
import { ddl } from './table.js';
import { writeEntries, writeFacts, writeMovements, writeOrders } from './write.js';

/** Money as providers have it: of orders, and what of it is no customer's. The part of the journal that moves no balance. */
export const cash: Projection = {
  name: 'cash',
  group: 'ledger',
  version: '1',
  tables: ['cash_orders', 'cash_facts', 'cash_movements', 'cash_entries', 'cash_postings'],
  handles: [
    'order-placed',
    'order-paid',
    'order-returned',
    'order-return-failed',
    'order-disputed',
    'order-dispute-closed',
    'refund-requested',
    'refund-succeeded',
    'refund-failed',
    'subscription-started',
    'subscription-renewed',
    'cash-booked',
  ],
  ddl,
  async apply(tx, schema, events) {
    const movements = events.filter((event) => isOneOf(event, 'cash-booked'));
    await writeMovements(tx, schema, movements);
    const ids = new Set(events.flatMap((event) => ('order_id' in event.data ? [event.data.order_id] : [])));
    const batch = await Batch.read(tx, schema, [...ids]);
    for (const event of events) batch.apply(event);
    await writeOrders(tx, schema, batch.changedOrders());
    await writeFacts(tx, schema, batch.changedFacts());
    await writeEntries(tx, schema, [...batch.entries, ...movements.map(entryOfMovement)]);
  },
};

/** The orders that a batch names, each event in the order of the log. */
class Batch {
  readonly entries: CashEntry[] = [];
  private readonly before: ReadonlySet<object>;
  private readonly facts = new Map<string, Map<string, CashFact>>();

  private constructor(
    private readonly orders: Map<string, CashOrder>,
    facts: readonly CashFact[],
  ) {
    this.before = new Set<object>([...orders.values(), ...facts]);
    for (const fact of facts) this.factsOf(fact.order_id).set(placeOf(fact), fact);
  }

  static async read(tx: Queryable, schema: string, ids: readonly string[]): Promise<Batch> {
    if (ids.length === 0) return new Batch(new Map(), []);
    const select = async <Row extends object>(table: string): Promise<readonly Row[]> =>
      (await tx.query<Row>(`SELECT * FROM ${schema}.${table} WHERE order_id = ANY ($1)`, [ids])).rows;
    const orders = await select<CashOrder>('cash_orders');
    const facts = await select<CashFact>('cash_facts');
    return new Batch(new Map(orders.map((order) => [order.order_id, order])), facts);
  }

  apply(event: LedgerEvent): void {
    if (isOneOf(event, 'order-placed')) {
      this.orders.set(event.data.order_id, cashOrderOf(event));
      return;
    }
    const order = 'order_id' in event.data ? this.orders.get(event.data.order_id) : undefined;
    if (!order) return;
    if (isOneOf(event, 'subscription-started', 'subscription-renewed'))
      return this.note(entryOfPeriod(event, order));
    const paid = isOneOf(event, 'order-paid')
      ? {
          payment: storableText(event.data.provider_payment),
          paid_minor: event.data.amount_minor,
          paid_at: event.recordedAt,
        }
      : {};
    const facts = this.factsOf(order.order_id);
    const key = keyOfFact(event);
    const fact = key && factOf(event, facts.get(placeOf(key)));
    if (fact) facts.set(placeOf(fact), fact);
    const after = withFacts({ ...order, ...paid }, facts.values());
    this.orders.set(order.order_id, after);
    this.note(entryOfChange(event, order, after));
  }

  changedOrders(): readonly CashOrder[] {
    return [...this.orders.values()].filter((order) => !this.before.has(order));
  }

  changedFacts(): readonly CashFact[] {
    const all = [...this.facts.values()].flatMap((facts) => [...facts.values()]);
    return all.filter((fact) => !this.before.has(fact));
  }

  private note(entry: CashEntry | undefined): void {
    if (entry) this.entries.push(entry);
  }

  private factsOf(orderId: string): Map<string, CashFact> {
    const known = this.facts.get(orderId) ?? new Map<string, CashFact>();
    this.facts.set(orderId, known);
    return known;
  }
}

const placeOf = ({ kind, id }: Pick<CashFact, 'kind' | 'id'>): string => `${kind} ${id}`;
