import { orderUuidOf, paymentUuidOf, refundUuidOf } from '../../commands/handling/identifiers.js';
import { decodeEvent } from '../../domain/events/codec.js';
import { orderStream, paymentStream, refundStream } from '../../domain/streams.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { opened } from '../../support/opened.js';
import type { OpenTexts } from '../../support/personal-data-vault.js';
import type { PaymentInbox } from './inbox.js';

/** One step of an order: what a provider sent, or what became of it. */
export interface TraceStep {
  readonly at: Date;
  readonly kind: 'notification' | 'event';
  /** The verdict on a notification, or the name of an event. */
  readonly what: string;
  /** Place in the log; null of a notification. */
  readonly position: bigint | null;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export interface TraceParts {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly inbox: Pick<PaymentInbox, 'ofOrder'>;
  /** Refunds of it at its provider. */
  readonly refundsOf: (orderId: string) => Promise<readonly string[]>;
  readonly openTexts: OpenTexts;
}

const MOST_EVENTS = 500;
const NOT_SHOWN = new Set(['order_id', 'payment_id', 'account_id', 'user_id']);

/** All that is known of an order, in the order in which it was known: notifications, and the events of the order, of its payment and of its refunds. */
export async function traceOrder(
  { store, inbox, refundsOf, openTexts }: TraceParts,
  orderId: string,
): Promise<readonly TraceStep[]> {
  const streams = [orderStream(orderUuidOf(orderId)), paymentStream(paymentUuidOf(orderId))];
  const read = (stream: string) => store.readStream(stream, { from: 0n, limit: MOST_EVENTS });
  const [entries, refunds, ...ofMoney] = await Promise.all([
    inbox.ofOrder(orderId),
    refundsOf(orderId),
    ...streams.map(read),
  ]);
  const ofRefunds = await Promise.all(refunds.map((refundId) => read(refundStream(refundUuidOf(refundId)))));
  const recorded = [...ofMoney, ...ofRefunds];
  const notifications = entries.map(({ receivedAt, verdict, sha256, times, providerId }) => ({
    at: receivedAt,
    kind: 'notification' as const,
    what: verdict,
    position: null,
    details: { provider_id: providerId, sha256, times },
  }));
  const readable = recorded.flat().filter(({ passedOver }) => !passedOver);
  const events = await Promise.all(
    readable.map(async ({ type, data, position, recordedAt }) => {
      const event = decodeEvent(type, data);
      const details = plain(await opened(openTexts, event.data));
      return { at: recordedAt, kind: 'event' as const, what: event.type, position, details };
    }),
  );
  return [...notifications, ...events].sort((one, other) => one.at.getTime() - other.at.getTime());
}

function plain(data: object): TraceStep['details'] {
  const shown = Object.entries(data).filter(([name]) => !NOT_SHOWN.has(name));
  return Object.fromEntries(shown.map(([name, value]: [string, unknown]) => [name, told(value)]));
}

/** Members of these events are single values. */
function told(value: unknown): TraceStep['details'][string] {
  if (typeof value === 'bigint') return value.toString();
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value) || value === null;
  return isPlain ? (value as string | number | boolean | null) : JSON.stringify(value);
}
