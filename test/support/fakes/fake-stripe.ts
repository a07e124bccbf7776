import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stripeSignature } from '../../../src/providers/stripe/signature.js';
import { createSender, type Sender, type SendingFaults } from './sender.js';

/** What goes wrong with it, until it is told otherwise. */
export interface StripeFaults extends SendingFaults {
  /** Events say that it is paid, whatever it is. */
  lie?: boolean;
  /** Every answer of the API is 500. */
  down?: boolean;
  /** What it is told is done, and its answer is lost. */
  lose?: boolean;
}

interface FakeCharge {
  readonly id: string;
  readonly created: number;
  amount_refunded: number;
  disputed: boolean;
}

export interface FakeDispute {
  readonly id: string;
  readonly object: 'dispute';
  readonly charge: string;
  readonly payment_intent: string;
  readonly amount: number;
  readonly created: number;
  status: 'needs_response' | 'warning_needs_response' | 'won' | 'lost';
}

export interface FakeRefund {
  readonly id: string;
  readonly object: 'refund';
  readonly payment_intent: string;
  readonly amount: number;
  readonly created: number;
  readonly charge: string;
  status: string;
  failure_reason?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly idempotencyKey?: string | undefined;
}

/** By what lists are asked. */
interface Asked {
  readonly status?: string;
  readonly charge?: string;
  readonly payment_intent?: string | { readonly id: string } | null;
}

export interface FakeSession {
  readonly id: string;
  readonly client_reference_id: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly amount_total: number;
  readonly currency: string;
  readonly created: number;
  readonly idempotencyKey: string | undefined;
  status: 'open' | 'complete' | 'expired';
  payment_status: 'paid' | 'unpaid';
  payment_intent: { id: string; status: string; latest_charge: FakeCharge | null } | null;
}

export interface FakeStripe {
  readonly url: string;
  readonly account: string;
  readonly secretKey: string;
  readonly webhookSecret: string;
  readonly faults: StripeFaults;
  readonly sessions: ReadonlyMap<string, FakeSession>;
  readonly refunds: readonly FakeRefund[];
  readonly disputes: ReadonlyMap<string, FakeDispute>;
  readonly answers: Sender['answers'];
  /** Where notifications go. */
  notifyAt(url: string): void;
  pay(sessionId: string, how?: { readonly amount?: number; readonly later?: boolean }): Promise<void>;
  /** What was to be paid later is, or is not. */
  resolve(sessionId: string, outcome: 'paid' | 'failed'): Promise<void>;
  /** Gives so much of it back. */
  refund(sessionId: string, amount: number): Promise<void>;
  /** What it gave back did not arrive: it says so days later. */
  failRefund(refundId: string): Promise<void>;
  /** The payer's bank takes it back, or asks (`warning_…`). */
  dispute(sessionId: string, status?: 'needs_response' | 'warning_needs_response'): Promise<string>;
  closeDispute(disputeId: string, outcome: 'won' | 'lost'): Promise<void>;
  release(): Promise<void>;
  close(): Promise<void>;
}

const idOf = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

/** Stripe as far as we speak to it, on loopback, with faults. `now`: its clock; `pageSize`: so few that there are several pages. */
export async function startFakeStripe(
  now: () => Date = () => new Date(),
  port = 0,
  pageSize = 2,
): Promise<FakeStripe> {
  const sessions = new Map<string, FakeSession>();
  const disputes = new Map<string, FakeDispute>();
  const refunds: FakeRefund[] = [];
  const faults: StripeFaults = {};
  const sender = createSender(faults);
  const webhookSecret = 'whsec_fakefakefake';
  let notifyUrl: string | undefined;
  const seconds = () => Math.floor(now().getTime() / 1_000);

  const server = createServer((request, response) => {
    answered(request, response).catch(() => response.destroy());
  });

  async function answered(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    const url = new URL(request.url ?? '/', 'http://fake');
    if (url.pathname.startsWith('/pay/'))
      return payPage(url.pathname.slice('/pay/'.length), request, form, response);
    if (faults.down) return json(response, 500, { error: { type: 'api_error' } });
    if (request.headers.authorization !== 'Bearer sk_test_fake0fake1')
      return json(response, 401, { error: { type: 'invalid_request_error', code: 'api_key_invalid' } });
    if (url.pathname === '/v1/refunds' && request.method === 'POST')
      return givenBack(request, form, response);
    if (url.pathname === '/v1/refunds') return json(response, 200, page(url, refunds));
    if (url.pathname === '/v1/disputes') return json(response, 200, page(url, [...disputes.values()]));
    const [, id, verb] = /^\/v1\/checkout\/sessions(?:\/(\w+))?(?:\/(expire))?$/.exec(url.pathname) ?? [];
    if (id === undefined)
      return json(response, 200, request.method === 'POST' ? made(request, form) : listed(url));
    const session = sessions.get(id);
    if (!session) return json(response, 404, { error: { code: 'resource_missing' } });
    if (verb === undefined) return json(response, 200, shown(session));
    if (session.status !== 'open') return json(response, 400, { error: { code: 'session_not_open' } });
    session.status = 'expired';
    return json(response, 200, shown(session));
  }

  /** Once a key, and never more than was paid. */
  async function givenBack(
    request: IncomingMessage,
    form: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    const idempotencyKey = request.headers['idempotency-key']?.toString();
    const intent = form.get('payment_intent');
    const session = [...sessions.values()].find(({ payment_intent: paid }) => paid?.id === intent);
    const earlier = refunds.find((each) => each.idempotencyKey === idempotencyKey);
    if (earlier) return json(response, 200, earlier);
    const amount = Number(form.get('amount'));
    if (!session || chargeIn(session).amount_refunded + amount > session.amount_total)
      return json(response, 400, { error: { code: 'charge_already_refunded' } });
    const metadata = {
      refund_id: form.get('metadata[refund_id]') ?? '',
      order_id: form.get('metadata[order_id]') ?? '',
    };
    const refund = await giveBack(session, amount, { metadata, idempotencyKey });
    return faults.lose ? json(response, 500, { error: { type: 'api_error' } }) : json(response, 200, refund);
  }

  async function giveBack(
    session: FakeSession,
    amount: number,
    said: Pick<FakeRefund, 'metadata' | 'idempotencyKey'>,
  ): Promise<FakeRefund> {
    const { payment_intent: intent } = session;
    const charge = chargeIn(session);
    charge.amount_refunded += amount;
    const refund: FakeRefund = {
      ...{ id: idOf('re'), object: 'refund', payment_intent: intent?.id ?? '', amount },
      ...{ created: seconds(), charge: charge.id, status: 'succeeded', ...said },
    };
    refunds.push(refund);
    await send('charge.refunded', { ...charge, object: 'charge', payment_intent: intent?.id });
    await send('refund.created', refund);
    return refund;
  }

  function made(request: IncomingMessage, form: URLSearchParams): object {
    const idempotencyKey = request.headers['idempotency-key']?.toString();
    const earlier = [...sessions.values()].find((each) => each.idempotencyKey === idempotencyKey);
    if (earlier && idempotencyKey !== undefined) return shown(earlier);
    const session: FakeSession = {
      id: idOf('cs_test'),
      client_reference_id: form.get('client_reference_id'),
      metadata: { order_id: form.get('metadata[order_id]') ?? '' },
      amount_total: Number(form.get('line_items[0][price_data][unit_amount]')),
      currency: form.get('line_items[0][price_data][currency]') ?? '',
      created: seconds(),
      idempotencyKey,
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
    };
    sessions.set(session.id, session);
    return shown(session);
  }

  const urlOf = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const shown = ({ idempotencyKey: _, ...session }: FakeSession) => ({
    object: 'checkout.session',
    livemode: false,
    ...session,
    url: session.status === 'open' ? `${urlOf()}/pay/${session.id}` : null,
  });

  const listed = (url: URL): object => page(url, [...sessions.values()].map(shown));

  function page(url: URL, all: readonly { readonly id: string; readonly created: number }[]): object {
    const wanted = (name: string) => url.searchParams.get(name);
    const found = all.filter((each) => {
      const { status, charge, payment_intent: intent } = each as Asked;
      const is = (name: string, value: string | undefined): boolean => [null, value].includes(wanted(name));
      return (
        each.created >= Number(wanted('created[gte]') ?? 0) &&
        is('status', status) &&
        is('charge', charge) &&
        is('payment_intent', typeof intent === 'object' ? intent?.id : intent)
      );
    });
    const start = found.findIndex(({ id }) => id === wanted('starting_after')) + 1;
    return {
      object: 'list',
      data: found.slice(start, start + pageSize),
      has_more: found.length > start + pageSize,
    };
  }

  async function payPage(
    id: string,
    request: IncomingMessage,
    form: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    if (request.method === 'POST') await stripe.pay(id, { later: form.get('how') === 'later' });
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><title>Fake Stripe</title><h1>${id}</h1><p>${sessions.get(id)?.payment_status ?? 'unknown'}</p>` +
        '<form method="post"><button name="how" value="now">Pay</button><button name="how" value="later">Pay in some days</button></form>',
    );
  }

  const ring = (type: string, session: FakeSession): Promise<void> =>
    send(type, { ...shown(session), ...(faults.lie && { payment_status: 'paid', amount_total: 1 }) });

  async function send(type: string, object: object): Promise<void> {
    const url = notifyUrl;
    if (url === undefined) return;
    const body = JSON.stringify({ id: idOf('evt'), object: 'event', type, data: { object } });
    await sender.send(() => {
      const headers = {
        'content-type': 'application/json',
        'stripe-signature': stripeSignature(webhookSecret, body, seconds()),
      };
      return fetch(url, { method: 'POST', headers, body });
    });
  }

  const sessionOf = (id: string): FakeSession => {
    const session = sessions.get(id);
    if (!session) throw new Error(`there is no session ${id}`);
    return session;
  };

  const stripe: FakeStripe = {
    get url() {
      return urlOf();
    },
    account: 'acct_fake',
    secretKey: 'sk_test_fake0fake1',
    webhookSecret,
    faults,
    sessions,
    refunds,
    disputes,
    answers: sender.answers,
    notifyAt: (url) => {
      notifyUrl = url;
    },
    pay: async (sessionId, { amount, later = false } = {}) => {
      const session = sessionOf(sessionId);
      if (session.status !== 'open') throw new Error('the session is over');
      session.status = 'complete';
      if (amount !== undefined) Object.assign(session, { amount_total: amount });
      session.payment_intent = {
        id: idOf('pi'),
        status: later ? 'processing' : 'succeeded',
        latest_charge: later ? null : charged(seconds()),
      };
      if (!later) session.payment_status = 'paid';
      await ring('checkout.session.completed', session);
    },
    resolve: async (sessionId, outcome) => {
      const session = sessionOf(sessionId);
      if (outcome === 'paid') session.payment_status = 'paid';
      if (session.payment_intent) {
        session.payment_intent.status = outcome === 'paid' ? 'succeeded' : 'requires_payment_method';
        session.payment_intent.latest_charge = outcome === 'paid' ? charged(seconds()) : null;
      }
      await ring(`checkout.session.async_payment_${outcome === 'paid' ? 'succeeded' : 'failed'}`, session);
    },
    refund: async (sessionId, amount) => {
      await giveBack(sessionOf(sessionId), amount, { metadata: {} });
    },
    failRefund: async (refundId) => {
      const refund = refunds.find(({ id }) => id === refundId);
      const session = [...sessions.values()].find(
        (each) => each.payment_intent?.id === refund?.payment_intent,
      );
      if (!refund || !session) throw new Error(`there is no refund ${refundId}`);
      Object.assign(refund, { status: 'failed', failure_reason: 'expired_or_canceled_card' });
      chargeIn(session).amount_refunded -= refund.amount;
      await send('refund.failed', refund);
    },
    dispute: async (sessionId, status = 'needs_response') => {
      const session = sessionOf(sessionId);
      const charge = chargeIn(session);
      charge.disputed = true;
      const dispute: FakeDispute = {
        ...{
          id: idOf('dp'),
          object: 'dispute',
          charge: charge.id,
          payment_intent: session.payment_intent?.id ?? '',
        },
        ...{ amount: session.amount_total, created: seconds(), status },
      };
      disputes.set(dispute.id, dispute);
      await send('charge.dispute.created', dispute);
      return dispute.id;
    },
    closeDispute: async (disputeId, outcome) => {
      const dispute = disputes.get(disputeId);
      if (!dispute) throw new Error(`there is no dispute ${disputeId}`);
      dispute.status = outcome;
      await send('charge.dispute.closed', dispute);
    },
    release: () => sender.release(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return stripe;
}

const charged = (created: number): FakeCharge => ({
  id: idOf('ch'),
  created,
  amount_refunded: 0,
  disputed: false,
});

function chargeIn({ id, payment_intent }: FakeSession): FakeCharge {
  if (!payment_intent?.latest_charge) throw new Error(`nobody paid ${id}`);
  return payment_intent.latest_charge;
}

function json(response: ServerResponse, status: number, body: object): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}
