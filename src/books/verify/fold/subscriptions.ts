import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import type { Fields, Finding } from '../check.js';

type SubscriptionEvent = Extract<LedgerEvent, { type: `subscription-${string}` }>;
type Booked = Extract<LedgerEvent, { type: 'subscription-started' | 'subscription-renewed' }>;

const instant = (text: string): string => new Date(text).toISOString();

/** What a period's money and grants came to, beside what was written down of it. */
interface Period {
  readonly terms: Booked['data'];
  readonly position: bigint;
  readonly causes: Set<string>;
  restored: number;
  grant: { readonly id: string; readonly times: number; status: string; taken: bigint } | undefined;
}

/** Plans, subscriptions and periods as the tables must show them; and that no period is paid for, or given, twice. */
export class Subscriptions {
  readonly plans = new Map<string, Fields>();
  readonly rows = new Map<string, Fields>();
  private readonly periods = new Map<string, Period>();
  private readonly ofGrant = new Map<string, Period>();
  private readonly orders = new Set<string>();

  constructor(private readonly once: Finding) {}

  get periodRows(): ReadonlyMap<string, Fields> {
    return new Map([...this.periods].map(([key, period]) => [key, fieldsOf(period)]));
  }

  apply(event: LedgerEvent): void {
    if (event.type.startsWith('subscription-')) return this.applyOwn(event as SubscriptionEvent);
    switch (event.type) {
      case 'plan-published':
        return this.publish(event);
      case 'grant-given':
        return this.give(event);
      case 'grant-closed':
        return this.endGrant(event.data.grant_id, 'closed', 0n);
      case 'grant-expired':
        return this.endGrant(event.data.grant_id, 'over', 0n);
      case 'grant-withdrawn':
        if (event.data.withdrawal_id === 'all') this.endGrant(event.data.grant_id, 'over', event.data.quota);
        return;
      default:
    }
  }

  private publish({ data, position, recordedAt }: Extract<LedgerEvent, { type: 'plan-published' }>): void {
    const prices = data.prices.map(({ currency, minor }) => `{"currency":"${currency}","minor":"${minor}"}`);
    this.plans.set(`${data.plan_id} ${data.version}`, {
      name: storableText(data.name),
      description: storableText(data.description),
      quota: data.quota,
      months: data.months,
      prices: `[${prices.join(',')}]`,
      priority: data.priority,
      is_offered: data.is_offered,
      published_by: storableText(data.by),
      published_at: recordedAt.toISOString(),
      position,
    });
  }

  private applyOwn(event: SubscriptionEvent): void {
    const { subscription_id: id } = event.data;
    const at = event.recordedAt.toISOString();
    switch (event.type) {
      case 'subscription-started':
      case 'subscription-renewed':
        return this.book(event);
      case 'subscription-cancelled':
        return this.change(id, { status: 'cancelled', changed_at: at });
      case 'subscription-ended':
        return this.change(id, { status: 'ended', ended_because: event.data.why, changed_at: at });
      case 'subscription-period-withdrawn':
        this.periods.get(`${id} ${event.data.period}`)?.causes.add(event.data.cause);
        return this.change(id, { changed_at: at });
      case 'subscription-period-restored': {
        const period = this.periods.get(`${id} ${event.data.period}`);
        period?.causes.delete(event.data.cause);
        if (period?.causes.size === 0) period.restored += 1;
        const isEnded = this.rows.get(id)?.['status'] === 'ended';
        return this.change(id, {
          changed_at: at,
          ...(isEnded && { status: 'active', ended_because: null }),
        });
      }
    }
  }

  private book({ data, position, recordedAt }: Booked): void {
    const { subscription_id: id, order_id } = data;
    const key = `${id} ${data.period}`;
    this.once.compared += 1;
    if (this.periods.has(key) || this.orders.has(order_id))
      this.once.differ(key, data.account_id, 'one period, of one order', `another at position ${position}`);
    this.orders.add(order_id);
    this.periods.set(key, { terms: data, position, causes: new Set(), restored: 0, grant: undefined });
    this.rows.set(id, {
      account_id: data.account_id,
      plan_id: data.plan_id,
      ...{ status: 'active', ended_because: null },
      anchored_at: instant(data.anchored_at),
      changed_at: recordedAt.toISOString(),
      position: this.rows.get(id)?.['position'] ?? position,
    });
  }

  private give({
    data: { grant_id, account_id, source, quota },
  }: Extract<LedgerEvent, { type: 'grant-given' }>): void {
    const [kind, id, number, times = '0'] = source.split(':');
    const period = kind === 'sub' ? this.periods.get(`${id} ${number}`) : undefined;
    if (!period) return;
    this.once.compared += 1;
    if (quota > period.terms.quota)
      this.once.differ(source, account_id, `at most ${period.terms.quota}`, `${quota} given`);
    period.grant = { id: grant_id, times: Number(times), status: 'open', taken: 0n };
    this.ofGrant.set(grant_id, period);
  }

  private endGrant(grantId: string, status: string, taken: bigint): void {
    const grant = this.ofGrant.get(grantId)?.grant;
    if (grant?.id !== grantId) return;
    grant.status = status;
    if (status === 'over') grant.taken = taken;
  }

  private change(id: string, fields: Fields): void {
    const row = this.rows.get(id);
    if (row) this.rows.set(id, { ...row, ...fields });
  }
}

const fieldsOf = ({ terms, position, causes, restored, grant }: Period): Fields => ({
  account_id: terms.account_id,
  plan_version: terms.plan_version,
  order_id: terms.order_id,
  quota: terms.quota,
  starts_at: instant(terms.starts_at),
  ends_at: instant(terms.ends_at),
  withdrawn_for: [...causes].sort().join(' '),
  times_restored: restored,
  grant_id: grant?.id ?? null,
  grant_times: grant?.times ?? null,
  grant_status: grant?.status ?? null,
  grant_taken: grant?.taken ?? 0n,
  position,
});
