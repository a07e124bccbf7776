import type { FakeSession } from '../../support/fakes/fake-stripe.js';
import type { PurchaseOperation } from '../plan/purchases.js';
import type { Client } from './client.js';
import { answered } from './front-end.js';
import type { Request } from './observations.js';

interface PlacedOrder {
  readonly request: Request;
  readonly isDisputable: boolean;
}

type Of<Kind extends PurchaseOperation['kind']> = Extract<PurchaseOperation, { readonly kind: Kind }>;

const yuan = (minor: number): string => (minor / 100).toFixed(2);

/** What a lane orders, pays, has given back and disputes, and what it is given. */
export class Purchases {
  private readonly orders: PlacedOrder[] = [];
  private readonly refunds: Request[] = [];

  constructor(private readonly client: Client) {}

  take(operation: PurchaseOperation, insist: number): Promise<void> {
    switch (operation.kind) {
      case 'order':
        return this.order(operation, insist);
      case 'order-again':
        return this.orderAgain(operation, insist);
      case 'order-refund':
        return this.refund(operation, insist);
      case 'order-refund-again':
        return this.refundAgain(operation, insist);
      case 'provider-refund':
        return this.refundThere(operation);
      case 'dispute':
        return this.dispute(operation);
      case 'dispute-end':
        return this.endDispute(operation);
      case 'redeem':
        return this.redeem(operation, insist);
      case 'grant':
        return this.grant(operation, insist);
    }
  }

  private get provider() {
    return this.client.world.provider;
  }

  private async order({ account, amountMinor, pay, copies }: Of<'order'>, insist: number): Promise<void> {
    const { user } = this.client.account(account);
    const request = this.client.world.observations.request({
      kind: 'order',
      key: this.client.name('order'),
      user,
      method: 'POST',
      path: `/${user}/orders`,
      body: { method: 'stripe', currency: 'CNY', amount: yuan(amountMinor) },
    });
    this.orders.push({ request, isDisputable: 'buyer' in account });
    await this.client.ask(request, insist, copies);
    const session = this.sessionOf(request);
    if (pay === 'never' || session?.status !== 'open') return;
    await this.provider.stripe.pay(session.id, pay === 'too-little' ? { amount: amountMinor - 1 } : {});
    await this.provider.tell(session.id, pay === 'quietly' ? 0 : copies);
  }

  private async orderAgain({ back, copies }: Of<'order-again'>, insist: number): Promise<void> {
    const earlier = this.earlier(back)?.request;
    // Of which nothing is remembered was lost, and is asked for again behind that.
    if (!earlier?.attempts.length) return;
    await this.client.ask(earlier, insist, copies);
    const session = this.sessionOf(earlier);
    if (session?.payment_status === 'paid') await this.provider.tell(session.id, copies);
  }

  private async refund({ back, part, copies }: Of<'order-refund'>, insist: number): Promise<void> {
    const order = this.earlier(back)?.request;
    const session = order && this.sessionOf(order);
    if (!order || session?.payment_status !== 'paid') return;
    const amount = {
      some: yuan(Math.round(session.amount_total * 0.3)),
      rest: undefined,
      'too-much': yuan(session.amount_total + 1),
    }[part];
    const request = this.client.world.observations.request({
      kind: 'order-refund',
      key: this.client.name('order-refund'),
      user: order.user,
      method: 'POST',
      path: `/${order.user}/orders/${session.client_reference_id ?? ''}/refunds`,
      body: { ...(amount !== undefined && { amount }), reason: 'torture' },
    });
    this.refunds.push(request);
    await this.client.ask(request, insist, copies);
  }

  private async refundAgain({ back }: Of<'order-refund-again'>, insist: number): Promise<void> {
    const earlier = this.refunds.at(-1 - back);
    if (earlier?.attempts.length) await this.client.ask(earlier, insist);
  }

  private async refundThere({ back }: Of<'provider-refund'>): Promise<void> {
    const paid = this.paid(back, () => true);
    const left = (paid?.amount_total ?? 0) - (paid?.payment_intent?.latest_charge?.amount_refunded ?? 0);
    if (!paid || left < 2) return;
    await this.provider.stripe.refund(paid.id, Math.floor(left / 2));
    await this.provider.tell(paid.id, 1);
  }

  private async dispute({ back }: Of<'dispute'>): Promise<void> {
    const paid = this.paid(back, ({ isDisputable }) => isDisputable);
    if (!paid || paid.payment_intent?.latest_charge?.disputed === true) return;
    await this.provider.stripe.dispute(paid.id);
    await this.provider.tell(paid.id, 1);
  }

  private async endDispute({ back, outcome }: Of<'dispute-end'>): Promise<void> {
    const { stripe } = this.provider;
    const own = new Map(
      this.orders.flatMap(({ request }) => {
        const session = this.sessionOf(request);
        return session ? [[session.payment_intent?.id, session.id] as const] : [];
      }),
    );
    const open = [...stripe.disputes.values()].filter(
      ({ status, payment_intent: of }) => status === 'needs_response' && own.has(of),
    );
    const dispute = open.at(-1 - (back % Math.max(open.length, 1)));
    if (!dispute) return;
    await stripe.closeDispute(dispute.id, outcome);
    await this.provider.tell(own.get(dispute.payment_intent) ?? '', 1);
  }

  private async redeem({ account, code, copies }: Of<'redeem'>, insist: number): Promise<void> {
    const { user } = this.client.account(account);
    const request = this.client.world.observations.request({
      kind: 'redeem',
      key: `code-${code} ${user}`,
      user,
      method: 'POST',
      path: `/${user}/redeem`,
      body: { code: this.client.world.codes[code] ?? '' },
    });
    await this.client.ask(request, insist, copies);
  }

  private async grant(
    { account, amountUsd, endsAfterMs, copies }: Of<'grant'>,
    insist: number,
  ): Promise<void> {
    const { observations, operatorToken } = this.client.world;
    const { user } = this.client.account(account);
    const reference = this.client.name('grant');
    const endsAt = endsAfterMs === null ? undefined : new Date(Date.now() + endsAfterMs).toISOString();
    const terms = {
      external_user_id: user,
      amount_usd: amountUsd,
      kind: 'promo',
      reason: 'torture',
      reference,
    };
    const request = observations.request({
      kind: 'grant',
      key: reference,
      user,
      amountUsd,
      method: 'POST',
      path: '/grants',
      body: { ...terms, ...(endsAt !== undefined && { ends_at: endsAt }) },
      operatorToken,
    });
    await this.client.ask(request, insist, copies);
  }

  private earlier(back: number): PlacedOrder | undefined {
    return this.orders.at(-1 - (back % Math.max(this.orders.length, 1)));
  }

  /** Of those that were paid as they were to be. */
  private paid(back: number, isOne: (order: PlacedOrder) => boolean): FakeSession | undefined {
    const paid = this.orders
      .filter(isOne)
      .flatMap(({ request }) => this.sessionOf(request) ?? [])
      .filter((session) => session.payment_status === 'paid');
    return paid.at(-1 - (back % Math.max(paid.length, 1)));
  }

  private sessionOf(request: Request): FakeSession | undefined {
    const orderId = answered<{ order_id: string }>(request)?.order_id;
    return orderId === undefined ? undefined : this.provider.sessionOf(orderId);
  }
}
