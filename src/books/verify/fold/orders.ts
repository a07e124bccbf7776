import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import type { Fields } from '../check.js';

type OrderEvent = Extract<LedgerEvent, { type: `order-${string}` }>;
type StrayEvent = Extract<LedgerEvent, { type: `stray-${string}` }>;
type Settled = Extract<LedgerEvent, { type: 'order-flag-settled' | 'stray-payment-settled' }>;

const FURTHEST = ['placed', 'opened', 'expired', 'cancelled', 'failed', 'paid'];

/** Instants as the table gives them back. */
const instant = (text: string): string => new Date(text).toISOString();
const stored = (text: string | undefined): string | null => (text === undefined ? null : storableText(text));

/** Orders, and the money that does not fit one, as the tables must show them. */
export class Orders {
  readonly rows = new Map<string, Fields>();
  readonly flags = new Map<string, Fields>();

  apply(event: LedgerEvent): void {
    if (event.type === 'payment-credited')
      this.change(event.data.payment_id, { credited_at: event.recordedAt.toISOString() });
    else if (event.type === 'subscription-started' || event.type === 'subscription-renewed')
      this.change(event.data.order_id, { credited_at: event.recordedAt.toISOString() });
    else if (event.type.startsWith('order-')) this.applyOrder(event as OrderEvent);
    else if (event.type.startsWith('stray-')) this.applyStray(event as StrayEvent);
  }

  private applyOrder(event: OrderEvent): void {
    switch (event.type) {
      case 'order-placed':
        return this.place(event);
      case 'order-plan-chosen':
        return this.change(event.data.order_id, { plan_id: event.data.plan_id });
      case 'order-opened':
        this.change(event.data.order_id, {
          checkout_ref: storableText(event.data.checkout_ref),
          checkout_url: stored(event.data.checkout_url),
          checkout_qr: stored(event.data.checkout_qr),
          instructions: stored(event.data.instructions),
        });
        return this.reach(event.data.order_id, 'opened');
      case 'order-paid':
        this.change(event.data.order_id, {
          provider_payment: storableText(event.data.provider_payment),
          paid_minor: event.data.amount_minor,
          paid_at: instant(event.data.paid_at),
          seen_by: event.data.seen_by,
          seen_at: event.recordedAt.toISOString(),
        });
        return this.reach(event.data.order_id, 'paid');
      case 'order-returned':
      case 'order-return-failed':
        return;
      case 'order-disputed':
        return this.dispute(event.data.order_id, 1n);
      case 'order-dispute-closed':
        return this.dispute(event.data.order_id, event.data.was_open ? -1n : 0n);
      case 'order-flagged':
        return this.flag(event);
      case 'order-flag-settled':
        return this.settle(event, null);
      default:
        return this.reach(event.data.order_id, event.type.slice('order-'.length));
    }
  }

  private applyStray(event: StrayEvent): void {
    if (event.type === 'stray-payment-settled') return this.settle(event, event.data.credited_order);
    const { data } = event;
    const named = data.named_order === null ? null : storableText(data.named_order);
    const fields = {
      order_id: named,
      account_id: null,
      provider_id: storableText(data.provider_id),
      kind: 'stray',
    };
    this.raise(event, { ...fields, refusal: null });
  }

  private place({ data, position, recordedAt }: Extract<OrderEvent, { type: 'order-placed' }>): void {
    this.rows.set(data.order_id, {
      account_id: data.account_id,
      purpose: data.purpose,
      plan_id: null,
      provider_id: storableText(data.provider_id),
      provider_revision: data.provider_revision,
      method: storableText(data.method),
      currency: data.currency,
      list_minor: data.list_minor,
      discount_minor: data.discount_minor,
      fee_minor: data.fee_minor,
      pay_minor: data.pay_minor,
      rate: data.rate,
      credit_usd: data.credit_usd,
      bonus_quota: data.bonus_quota,
      expires_at: instant(data.expires_at),
      placed_by: storableText(data.by),
      position,
      placed_at: recordedAt.toISOString(),
      status: 'placed',
      ...{ checkout_ref: null, checkout_url: null, checkout_qr: null, instructions: null },
      ...{ provider_payment: null, paid_minor: null, paid_at: null, seen_by: null, seen_at: null },
      credited_at: null,
      disputes_open: 0n,
    });
  }

  private dispute(orderId: string, more: bigint): void {
    const open = this.rows.get(orderId)?.['disputes_open'];
    if (typeof open === 'bigint') this.change(orderId, { disputes_open: open + more });
  }

  private change(orderId: string, fields: Fields): void {
    const order = this.rows.get(orderId);
    if (order) this.rows.set(orderId, { ...order, ...fields });
  }

  private reach(orderId: string, status: string): void {
    const before = FURTHEST.indexOf(String(this.rows.get(orderId)?.['status']));
    if (FURTHEST.indexOf(status) > before) this.change(orderId, { status });
  }

  private flag(event: Extract<OrderEvent, { type: 'order-flagged' }>): void {
    const { order_id, account_id, kind, refusal } = event.data;
    this.raise(event, { order_id, account_id, provider_id: null, kind, refusal: stored(refusal) });
  }

  private raise(
    { data, position, recordedAt }: Extract<LedgerEvent, { type: 'order-flagged' | 'stray-payment-flagged' }>,
    fields: Fields,
  ): void {
    this.flags.set(data.flag_id, {
      ...fields,
      provider_payment: storableText(data.provider_payment),
      amount_minor: data.amount_minor,
      currency: data.currency,
      merchant: storableText(data.merchant),
      paid_at: instant(data.paid_at),
      seen_by: data.seen_by,
      position,
      raised_at: recordedAt.toISOString(),
      ...{ decision: null, settled_by: null, settled_because: null, settled_at: null },
    });
  }

  private settle({ data, recordedAt }: Settled, orderId: string | null): void {
    const flag = this.flags.get(data.flag_id);
    if (!flag) return;
    this.flags.set(data.flag_id, {
      ...flag,
      ...(orderId !== null && { order_id: storableText(orderId) }),
      decision: data.decision,
      settled_by: storableText(data.by),
      settled_because: storableText(data.reason),
      settled_at: recordedAt.toISOString(),
    });
  }
}
