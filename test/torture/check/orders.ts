import type { ProviderEntry } from '../cluster/provider.js';
import { quota, type RawEvent, text } from './raw-log.js';
import type { Evidence } from './verdict.js';

/** `CF` and a ULID: a credit of an order is under its id. */
const ORDER_ID = /^CF[0-9A-Z]{26}/;

/** An order as the log has it, and as its provider has it. */
export interface SeenOrder {
  placed: RawEvent | undefined;
  readonly credits: RawEvent[];
  entry: ProviderEntry | undefined;
  /** Quota that was taken of its credit: for what went back, and for what is disputed. */
  refunded: bigint;
  disputed: bigint;
  refunds: number;
}

export function ordersOf({
  events,
  provider,
}: Pick<Evidence, 'events' | 'provider'>): ReadonlyMap<string, SeenOrder> {
  const orders = new Map<string, SeenOrder>();
  const of = (id: string): SeenOrder => {
    const known = orders.get(id);
    if (known) return known;
    const order = {
      ...{ placed: undefined, credits: [], entry: undefined },
      ...{ refunded: 0n, disputed: 0n, refunds: 0 },
    };
    orders.set(id, order);
    return order;
  };
  for (const event of events) {
    if (event.type === 'order-placed') of(text(event, 'order_id')).placed = event;
    const [id] = ORDER_ID.exec(text(event, 'payment_id')) ?? [];
    if (id !== undefined) book(of(id), event);
  }
  for (const entry of provider) of(entry.orderId).entry = entry;
  return orders;
}

function book(order: SeenOrder, event: RawEvent): void {
  const amount = quota(event, 'quota');
  switch (event.type) {
    case 'payment-credited':
      order.credits.push(event);
      return;
    case 'payment-refunded':
      order.refunded += amount;
      order.refunds += 1;
      return;
    case 'payment-refund-reversed':
      order.refunded -= amount;
      return;
    case 'payment-taken-back':
      if (text(event, 'kind') === 'dispute') order.disputed += amount;
      else order.refunded += amount;
  }
}

/** What was taken of a credit is the share of it that is not with us any more, whatever came in which order. Undefined: it is. */
export function takenFault(orderId: string, order: SeenOrder): string | undefined {
  const { credits, entry, refunded, disputed, refunds } = order;
  const [credit] = credits;
  if (!credit || !entry) return undefined;
  const { paidMinor, returnedMinor } = entry;
  const lost = entry.disputes
    .filter(({ status }) => status !== 'won')
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const gone = returnedMinor + lost < paidMinor ? returnedMinor + lost : paidMinor;
  const share = (2n * quota(credit, 'quota') * gone + paidMinor) / (2n * paidMinor);
  const off = refunded + disputed - share;
  // A part that goes back is rounded, and so may each be.
  if (off <= BigInt(refunds) && -off <= BigInt(refunds)) return undefined;
  return `of order ${orderId} ${refunded + disputed} was taken, and ${share} is gone (${gone} of ${paidMinor})`;
}

const ENDS = ['refund-succeeded', 'refund-failed'];

export function openRefunds(events: readonly RawEvent[]): readonly string[] {
  const open = new Set<string>();
  for (const event of events) {
    if (event.type === 'refund-requested') open.add(text(event, 'refund_id'));
    if (ENDS.includes(event.type)) open.delete(text(event, 'refund_id'));
  }
  return [...open];
}

/** Where log and provider say different things of a refund. */
export function refundFaults({ events, provider }: Pick<Evidence, 'events' | 'provider'>): readonly string[] {
  const times = new Map(provider.flatMap(({ refunds }) => [...refunds]));
  const ends = new Map(
    events
      .filter(({ type }) => ENDS.includes(type))
      .map((event) => [text(event, 'refund_id'), event.type] as const),
  );
  const twice = [...times]
    .filter(([, count]) => count > 1)
    .map(([id, count]) => `refund ${id} went back ${count} times`);
  const other = [...ends]
    .filter(([id, end]) => (times.get(id) ?? 0) !== (end === 'refund-succeeded' ? 1 : 0))
    .map(([id, end]) => `refund ${id} is ${end}, and went back ${times.get(id) ?? 0} times`);
  return [...twice, ...other];
}
