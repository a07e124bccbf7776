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
import {
  chargeOf,
  disputeSchema,
  EXPAND_INTENT,
  refundSchema,
  returnsOf,
  sessionSchema,
  sightingsOf,
  stripeAmount,
  type StripeSession,
} from './session.js';
import { stripeRefunds } from './refund.js';
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
  /** @param isReturned money of it went back: who rings says so of what failed since, too */
  const seen = async (session: StripeSession, isReturned = false): Promise<readonly Sighting[]> => {
    const sightings = sightingsOf(session, merchantOf(session));
    const [paid, charge] = [sightings.find(({ what }) => what === 'paid'), chargeOf(session)];
    if (!paid || !charge) return sightings;
    const of = `charge=${encodeURIComponent(charge.id)}`;
    const refunds =
      isReturned || charge.amount_refunded > 0 ? await listed(client, `/v1/refunds?${of}`, refundSchema) : [];
    const disputes = charge.disputed ? await listed(client, `/v1/disputes?${of}`, disputeSchema) : [];
    return [...sightings, ...returnsOf(paid, charge, { refunds, disputes })];
  };
  const seenAll = async (
    sessions: readonly StripeSession[],
    isReturned: boolean,
  ): Promise<readonly Sighting[]> => {
    const all: Sighting[] = [];
    for (const session of sessions.filter(isOurs)) all.push(...(await seen(session, isReturned)));
    return all;
  };
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
      const sightings = await definitely(retrieved(checkoutRef).then((session) => seen(session)));
      // Its time is over: that is ours to say.
      return sightings.filter(({ what }) => what !== 'closed' || expiresAt > now());
    },
    readNotification: ({ headers, body }) => {
      const header = headers['stripe-signature'];
      if (!isStripeSigned(secrets.webhook_secret, body, header, now())) return 'forged';
      const ask = (doorbell: Doorbell) =>
        definitely(
          'session' in doorbell
            ? retrieved(doorbell.session).then((session) => seenAll([session], false))
            : ofIntent(client, doorbell.intent).then((sessions) => seenAll(sessions, true)),
        );
      return rung(body, ask);
    },
    acknowledge: (outcome) => ANSWERS[outcome],
    close: ({ checkoutRef }) => closed(client, checkoutRef),
    refunds: stripeRefunds(client),
    list: (since) => definitely(recent(client, since).then((sessions) => seenAll(sessions, false))),
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

/**
 * The account may sell other things too, by links of payment, say, which take any reference from the address that a payer opens: only we name
 * an order in what comes with a session.
 */
const isOurs = ({ client_reference_id: named, metadata }: StripeSession): boolean =>
  typeof named === 'string' && metadata?.['order_id'] === named;

const PAGE = 'limit=100';
const EXPAND_ALL = `expand[]=data.${EXPAND_INTENT}`;

async function listed<Item extends { readonly id: string }>(
  client: StripeClient,
  path: string,
  item: z.ZodType<Item>,
): Promise<readonly Item[]> {
  const page = z.object({ data: z.array(item), has_more: z.boolean() });
  const items: Item[] = [];
  for (let pages = 0, after = ''; pages < PAGES_MOST; pages++) {
    const { data, has_more: hasMore } = await client.call(page, { path: `${path}&${PAGE}${after}` });
    items.push(...data);
    const last = data.at(-1);
    if (!hasMore || !last) return items;
    after = `&starting_after=${encodeURIComponent(last.id)}`;
  }
  return items;
}

const ofIntent = (client: StripeClient, intent: string) =>
  listed(
    client,
    `/v1/checkout/sessions?payment_intent=${encodeURIComponent(intent)}&${EXPAND_ALL}`,
    sessionSchema,
  );

const ofPayment = z.object({ id: z.string(), payment_intent: z.string().nullish() });

/** What was completed since, and older payments that went back since. */
async function recent(client: StripeClient, since: Date): Promise<readonly StripeSession[]> {
  const from = `created[gte]=${Math.floor(since.getTime() / 1_000)}`;
  const sessions = await listed(
    client,
    `/v1/checkout/sessions?status=complete&${from}&${EXPAND_ALL}`,
    sessionSchema,
  );
  const returns = [
    ...(await listed(client, `/v1/refunds?${from}`, ofPayment)),
    ...(await listed(client, `/v1/disputes?${from}`, ofPayment)),
  ];
  const found = new Map(sessions.map((session) => [session.id, session]));
  for (const intent of new Set(returns.flatMap(({ payment_intent: paid }) => paid ?? [])))
    for (const session of await ofIntent(client, intent)) found.set(session.id, session);
  return [...found.values()];
}

const event = z.object({
  type: z.string(),
  /** Events of the older kind bring the object, of the newer one its name. */
  data: z.object({ object: z.looseObject({ object: z.string(), id: z.string() }) }).optional(),
  related_object: z.object({ type: z.string(), id: z.string() }).nullish(),
});

/** What Stripe is asked for when it rings. */
type Doorbell = { readonly session: string } | { readonly intent: string };

const OF_CHARGES = new Set(['charge', 'refund', 'dispute']);

function rung(
  body: Buffer,
  ask: (doorbell: Doorbell) => Promise<readonly Sighting[]>,
): Notification | 'ignored' {
  const read = event.safeParse(jsonOf(body.toString('utf8')));
  if (!read.success) return 'ignored';
  const { data, related_object: related } = read.data;
  if (related?.type === 'checkout.session')
    return { orderIds: [], sightings: () => ask({ session: related.id }) };
  if (!data) return 'ignored';
  const { object, id, client_reference_id: named, payment_intent: intent } = data.object;
  if (OF_CHARGES.has(object) && typeof intent === 'string')
    return { orderIds: [], sightings: () => ask({ intent }) };
  // A session without a reference is none of ours: the account may sell other things too.
  if (object !== 'checkout.session' || typeof named !== 'string') return 'ignored';
  return { orderIds: [named], sightings: () => ask({ session: id }) };
}

/** A key that is refused, or a session that is gone, says nothing of money. */
async function definitely<Result>(asked: Promise<Result>): Promise<Result> {
  return asked.catch((error: unknown) => {
    throw error instanceof StripeRefused ? new ProviderUnavailable(error.message) : error;
  });
}
