import { type FakeSession, type FakeStripe, startFakeStripe } from '../../support/fakes/fake-stripe.js';
import { stripeSignature } from '../../../src/providers/stripe/signature.js';
import { Link } from './link.js';

/** More than there are sessions, so that one page of a list has them all. */
const PAGE = 1_000;
const HEARD_WITHIN_MS = 15_000;

/** What a provider knows of one order's money. */
export interface ProviderEntry {
  readonly orderId: string;
  /** Its name of the payment; undefined while nobody paid. */
  readonly payment: string | undefined;
  readonly paidMinor: bigint;
  readonly returnedMinor: bigint;
  readonly disputes: readonly { readonly status: string; readonly amountMinor: bigint }[];
  /** By the ids of our refunds: how often money went back for each. */
  readonly refunds: ReadonlyMap<string, number>;
}

/**
 * Who takes the money of orders: a Stripe that nothing reaches of what is done to the ledger's servers, so that its book says what is true of money.
 * Like Stripe it tells of what happened until somebody says that it was heard, unless it is to be quiet.
 */
export class Provider {
  /** Sessions of which nobody has said yet that the latest was heard, and how many times something happened to them. */
  private readonly unheard = new Map<string, number>();

  private constructor(
    readonly stripe: FakeStripe,
    /** Between the ledger and it. */
    readonly link: Link,
    private readonly notifyUrl: () => string,
  ) {}

  static async open(notifyUrl: () => string): Promise<Provider> {
    const stripe = await startFakeStripe(undefined, 0, PAGE);
    const { port } = new URL(stripe.url);
    return new Provider(stripe, await Link.open(() => Number(port)), notifyUrl);
  }

  /** As an operator configures it. */
  get configuration(): Readonly<Record<string, unknown>> {
    const { account, secretKey, webhookSecret } = this.stripe;
    return {
      kind: 'stripe',
      settings: { account, currencies: ['CNY'], api_url: `http://127.0.0.1:${this.link.port}` },
      secrets: { secret_key: secretKey, webhook_secret: webhookSecret },
    };
  }

  /** What no log and no event may contain. */
  get secrets(): readonly string[] {
    return [this.stripe.secretKey, this.stripe.webhookSecret];
  }

  /** Undefined: there is no checkout of the order. */
  sessionOf(orderId: string): FakeSession | undefined {
    return [...this.stripe.sessions.values()].find((session) => session.client_reference_id === orderId);
  }

  /** Of the order, as often at once as it says; with 0 nobody is told. */
  async tell(sessionId: string, times: number): Promise<void> {
    if (times === 0) return;
    const happened = (this.unheard.get(sessionId) ?? 0) + 1;
    this.unheard.set(sessionId, happened);
    const heard = await Promise.all(Array.from({ length: times }, () => this.ring(sessionId)));
    if (heard.includes(true) && this.unheard.get(sessionId) === happened) this.unheard.delete(sessionId);
  }

  /** All of which nothing was heard. Answers how many are left. */
  async tellAgain(): Promise<number> {
    for (const sessionId of [...this.unheard.keys()]) await this.tell(sessionId, 1);
    return this.unheard.size;
  }

  entries(): readonly ProviderEntry[] {
    return [...this.stripe.sessions.values()].map((session) => {
      const { id: intent, latest_charge: charge } = session.payment_intent ?? {};
      const isOf = ({ payment_intent: of }: { readonly payment_intent: string }): boolean => of === intent;
      const refunds = new Map<string, number>();
      for (const { metadata } of this.stripe.refunds.filter(isOf)) {
        const ours = metadata.refund_id;
        if (ours !== undefined) refunds.set(ours, (refunds.get(ours) ?? 0) + 1);
      }
      return {
        orderId: session.client_reference_id ?? '',
        payment: session.payment_status === 'paid' ? intent : undefined,
        paidMinor: BigInt(session.amount_total),
        returnedMinor: BigInt(charge?.amount_refunded ?? 0),
        disputes: [...this.stripe.disputes.values()]
          .filter(isOf)
          .map(({ status, amount }) => ({ status, amountMinor: BigInt(amount) })),
        refunds,
      };
    });
  }

  async close(): Promise<void> {
    await this.link.close();
    await this.stripe.close();
  }

  /** An event is a doorbell: what it is about is asked for. Answers whether it was heard. */
  private async ring(sessionId: string): Promise<boolean> {
    const session = this.stripe.sessions.get(sessionId);
    const intent = session?.payment_intent?.id;
    // Of a payment that somebody has, it says that its charge changed; of any, that the session did.
    const hasReturns = (session?.payment_intent?.latest_charge?.amount_refunded ?? 0) > 0;
    const object = hasReturns
      ? { object: 'charge', id: session?.payment_intent?.latest_charge?.id, payment_intent: intent }
      : { object: 'checkout.session', id: sessionId, client_reference_id: session?.client_reference_id };
    const body = JSON.stringify({
      id: `evt_${sessionId}`,
      object: 'event',
      type: hasReturns ? 'charge.refunded' : 'checkout.session.completed',
      data: { object },
    });
    const seconds = Math.floor(Date.now() / 1_000);
    const signature = stripeSignature(this.stripe.webhookSecret, body, seconds);
    return fetch(this.notifyUrl(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      body,
      signal: AbortSignal.timeout(HEARD_WITHIN_MS),
    }).then(
      async (answer) => (await answer.arrayBuffer(), answer.ok),
      () => false,
    );
  }
}
