import { z } from 'zod';
import type { Sighting } from '../../domain/order/sighting.js';
import type { ProviderSecrets, ProviderSettings } from '../../domain/provider/settings.js';
import {
  type HttpAnswer,
  type Notification,
  type PayableOrder,
  type PaymentProvider,
  ProviderUnavailable,
} from '../../reactions/payments/provider.js';
import { type Ask, jsonOf } from '../asking/ask.js';
import { createStripeClient, type StripeClient, StripeRefused } from './client.js';
import { EXPAND_INTENT, sessionSchema, sightingsOf, stripeAmount, type StripeSession } from './session.js';
import { isStripeSigned } from './signature.js';

/** Stripe's least is half an hour from the moment when it is opened: an order that is opened late must still be far from its end. */
const HOUR_MS = 3_600_000;
const PAGES_MOST = 50;

export interface StripeParts {
  readonly id: string;
  readonly revision: number;
  readonly settings: ProviderSettings<'stripe'>;
  readonly secrets: ProviderSecrets<'stripe'>;
  readonly ask: Ask;
  /** Where people come back to. */
  readonly returnUrl: (orderId: string) => string;
  readonly now: () => Date;
}

/** Checkout Sessions of Stripe. Nothing that an event says is believed: it is a doorbell, and Stripe is asked. */
export function createStripeProvider(parts: StripeParts): PaymentProvider {
  const { id, revision, settings, secrets, ask, now } = parts;
  const client = createStripeClient(ask, settings.api_url, secrets.secret_key);
  const isLive = secrets.secret_key.includes('_live_');
  const merchantOf = ({ livemode }: StripeSession): string =>
    livemode === isLive ? settings.account : `${settings.account} ${livemode ? 'live' : 'test'}`;
  const seen = (session: StripeSession): readonly Sighting[] => sightingsOf(session, merchantOf(session));
  const retrieved = (sessionId: string): Promise<StripeSession> =>
    client.call(sessionSchema, {
      path: `/v1/checkout/sessions/${encodeURIComponent(sessionId)}?expand[]=${EXPAND_INTENT}`,
    });
  return {
    id,
    revision,
    merchant: settings.account,
    checkoutMs: HOUR_MS,
    open: (order) => opened(client, order, parts.returnUrl(order.orderId)),
    query: async ({ checkoutRef, expiresAt }) => {
      // Nobody was sent anywhere, so that nobody paid.
      if (checkoutRef === undefined) return [];
      const sightings = seen(await definitely(retrieved(checkoutRef)));
      // Its time is over: that is ours to say.
      return sightings.filter(({ what }) => what !== 'closed' || expiresAt > now());
    },
    readNotification: ({ headers, body }) => {
      const header = headers['stripe-signature'];
      if (!isStripeSigned(secrets.webhook_secret, body, header, now())) return 'forged';
      return rung(body, async (sessionId) => seen(await definitely(retrieved(sessionId))));
    },
    acknowledge: (outcome) => ANSWERS[outcome],
    close: ({ checkoutRef }) => closed(client, checkoutRef),
    list: async (since) => {
      const sessions = await definitely(completed(client, since));
      // The account may sell other things too.
      return sessions
        .filter(({ client_reference_id: named }) => named !== null && named !== undefined)
        .flatMap(seen);
    },
  };
}

const ANSWERS: Readonly<Record<'stored' | 'forged' | 'later', HttpAnswer>> = {
  stored: { status: 200, type: 'text/plain', body: 'success' },
  forged: { status: 400, type: 'text/plain', body: 'the signature does not fit' },
  later: { status: 503, type: 'text/plain', body: 'fail' },
};

async function opened(client: StripeClient, order: PayableOrder, returnUrl: string) {
  const { orderId, currency, payMinor, expiresAt } = order;
  const session = await definitely(
    client.call(sessionSchema, {
      path: '/v1/checkout/sessions',
      idempotencyKey: `checkout:${orderId}`,
      form: {
        mode: 'payment',
        client_reference_id: orderId,
        'metadata[order_id]': orderId,
        'payment_intent_data[metadata][order_id]': orderId,
        'line_items[0][quantity]': '1',
        'line_items[0][price_data][currency]': currency.toLowerCase(),
        'line_items[0][price_data][unit_amount]': stripeAmount(payMinor, currency),
        'line_items[0][price_data][product_data][name]': `Top-up ${orderId}`,
        success_url: returnUrl,
        cancel_url: returnUrl,
        expires_at: Math.floor(expiresAt.getTime() / 1_000).toString(),
      },
    }),
  );
  if (!session.url) throw new ProviderUnavailable('Stripe opened no page');
  return { ref: session.id, url: session.url };
}

/** What is complete cannot be closed: somebody paid, which a query sees. */
async function closed(client: StripeClient, sessionId: string | undefined): Promise<void> {
  if (sessionId === undefined) return;
  try {
    const path = `/v1/checkout/sessions/${encodeURIComponent(sessionId)}/expire`;
    await client.call(sessionSchema, { path, form: {} });
  } catch (error) {
    if (!(error instanceof StripeRefused)) throw error;
  }
}

async function completed(client: StripeClient, since: Date): Promise<readonly StripeSession[]> {
  const page = z.object({ data: z.array(sessionSchema), has_more: z.boolean() });
  const from = Math.floor(since.getTime() / 1_000);
  const sessions: StripeSession[] = [];
  for (let pages = 0, after = ''; pages < PAGES_MOST; pages++) {
    const path = `/v1/checkout/sessions?status=complete&limit=100&created[gte]=${from}${after}`;
    const { data, has_more: hasMore } = await client.call(page, { path });
    sessions.push(...data);
    const last = data.at(-1);
    if (!hasMore || !last) return sessions;
    after = `&starting_after=${encodeURIComponent(last.id)}`;
  }
  return sessions;
}

const event = z.object({
  type: z.string(),
  /** Events of the older kind bring the object, of the newer one its name. */
  data: z.object({ object: z.looseObject({ object: z.string(), id: z.string() }) }).optional(),
  related_object: z.object({ type: z.string(), id: z.string() }).nullish(),
});

function rung(
  body: Buffer,
  ask: (sessionId: string) => Promise<readonly Sighting[]>,
): Notification | 'ignored' {
  const read = event.safeParse(jsonOf(body.toString('utf8')));
  if (!read.success) return 'ignored';
  const { data, related_object: related } = read.data;
  if (related?.type === 'checkout.session') return { orderIds: [], sightings: () => ask(related.id) };
  if (data?.object.object !== 'checkout.session') return 'ignored';
  const { id, client_reference_id: named } = data.object;
  // A session without a reference is none of ours: the account may sell other things too.
  if (typeof named !== 'string') return 'ignored';
  return { orderIds: [named], sightings: () => ask(id) };
}

/** A key that is refused, or a session that is gone, says nothing of money. */
async function definitely<Result>(asked: Promise<Result>): Promise<Result> {
  return asked.catch((error: unknown) => {
    throw error instanceof StripeRefused ? new ProviderUnavailable(error.message) : error;
  });
}
