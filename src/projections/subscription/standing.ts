import { ALL } from '../../domain/grant/state.js';
import { isOneOf, type LedgerEvent, type LedgerEventOf } from '../runtime/projection.js';

export interface SubscriptionRow {
  readonly subscription_id: string;
  readonly account_id: string;
  readonly plan_id: string;
  readonly status: 'active' | 'cancelled' | 'ended';
  readonly ended_because: string | null;
  readonly anchored_at: string | Date;
  readonly changed_at: Date;
  readonly position: bigint;
}

export interface PeriodRow {
  readonly subscription_id: string;
  readonly period: number;
  readonly account_id: string;
  readonly plan_version: number;
  readonly order_id: string;
  readonly quota: bigint;
  readonly starts_at: string | Date;
  readonly ends_at: string | Date;
  readonly withdrawn_for: string;
  readonly times_restored: number;
  readonly grant_id: string | null;
  readonly grant_times: number | null;
  readonly grant_status: 'open' | 'closed' | 'over' | null;
  readonly grant_taken: bigint;
  readonly position: bigint;
}

type Booked = LedgerEventOf<'subscription-started' | 'subscription-renewed'>;
type Withdrawn = LedgerEventOf<'subscription-period-withdrawn' | 'subscription-period-restored'>;
type OfSubscription = Extract<LedgerEvent, { type: `subscription-${string}` }>;
type OfGrant = LedgerEventOf<'grant-given' | 'grant-closed' | 'grant-expired' | 'grant-withdrawn'>;

/** `sub:<subscription>:<period>`, and behind it which of its keys it is where that is not the first. */
const SOURCE = /^sub:([0-9a-f-]{36}):(\d+)(?::(\d+))?$/;

/** The period that a grant is of; undefined of every other grant. */
export function periodOfSource(source: string) {
  const [, subscriptionId, period, times = '0'] = SOURCE.exec(source) ?? [];
  if (subscriptionId === undefined) return undefined;
  return { subscriptionId, period: Number(period), times: Number(times) };
}

const keyOf = (subscriptionId: string, period: number): string => `${subscriptionId} ${period}`;

/** Subscriptions and their periods as the events of a batch leave them. */
export class Standing {
  readonly subscriptions = new Map<string, SubscriptionRow>();
  readonly periods = new Map<string, PeriodRow>();

  constructor(subscriptions: readonly SubscriptionRow[], periods: readonly PeriodRow[]) {
    for (const row of subscriptions) this.subscriptions.set(row.subscription_id, row);
    for (const row of periods) this.periods.set(keyOf(row.subscription_id, row.period), row);
  }

  apply(event: LedgerEvent): void {
    if (isOneOf(event, 'grant-given', 'grant-closed', 'grant-expired', 'grant-withdrawn'))
      this.applyGrant(event);
    else if (event.type.startsWith('subscription-')) this.applyOwn(event as OfSubscription);
  }

  private applyOwn(event: OfSubscription): void {
    switch (event.type) {
      case 'subscription-started':
      case 'subscription-renewed':
        return this.book(event);
      case 'subscription-cancelled':
        return this.change(event, { status: 'cancelled' });
      case 'subscription-ended':
        return this.change(event, { status: 'ended', ended_because: event.data.why });
      case 'subscription-period-withdrawn':
      case 'subscription-period-restored':
        return this.withdraw(event);
    }
  }

  private book({ data, position, recordedAt: changed_at }: Booked): void {
    const { subscription_id, account_id, plan_id, plan_version, order_id, period, quota } = data;
    const { starts_at, ends_at, anchored_at } = data;
    const first = this.subscriptions.get(subscription_id)?.position ?? position;
    this.subscriptions.set(subscription_id, {
      ...{ subscription_id, account_id, plan_id, anchored_at, changed_at, position: first },
      ...{ status: 'active', ended_because: null },
    });
    this.periods.set(keyOf(subscription_id, period), {
      ...{ subscription_id, period, account_id, plan_version, order_id, quota, starts_at, ends_at, position },
      ...{ withdrawn_for: '', times_restored: 0 },
      ...{ grant_id: null, grant_times: null, grant_status: null, grant_taken: 0n },
    });
  }

  private change(
    { data: { subscription_id }, recordedAt }: OfSubscription,
    fields: Partial<SubscriptionRow>,
  ): void {
    const row = this.subscriptions.get(subscription_id);
    if (row) this.subscriptions.set(subscription_id, { ...row, ...fields, changed_at: recordedAt });
  }

  private withdraw(event: Withdrawn): void {
    const { subscription_id, period, cause } = event.data;
    const row = this.periods.get(keyOf(subscription_id, period));
    if (!row) return;
    const others = row.withdrawn_for.split(' ').filter((each) => each !== '' && each !== cause);
    const isGoing = event.type === 'subscription-period-withdrawn';
    const causes = isGoing ? [...others, cause].sort() : others;
    const isRestored = !isGoing && causes.length === 0;
    this.periods.set(keyOf(subscription_id, period), {
      ...row,
      withdrawn_for: causes.join(' '),
      times_restored: row.times_restored + (isRestored ? 1 : 0),
    });
    // What is paid for again goes on, until it is said to be over.
    const before = this.subscriptions.get(subscription_id);
    const isBack = !isGoing && before?.status === 'ended';
    this.change(event, isBack ? { status: 'active', ended_because: null } : {});
  }

  private applyGrant(event: OfGrant): void {
    if (event.type === 'grant-given') return this.give(event);
    const { grant_id } = event.data;
    const row = [...this.periods.values()].find((each) => each.grant_id === grant_id);
    if (!row) return;
    const key = keyOf(row.subscription_id, row.period);
    if (event.type === 'grant-closed') this.periods.set(key, { ...row, grant_status: 'closed' });
    else if (event.type === 'grant-expired') this.periods.set(key, { ...row, grant_status: 'over' });
    else if (event.data.withdrawal_id === ALL)
      this.periods.set(key, { ...row, grant_status: 'over', grant_taken: event.data.quota });
  }

  private give({ data: { grant_id, source } }: LedgerEventOf<'grant-given'>): void {
    const found = periodOfSource(source);
    const key = found && keyOf(found.subscriptionId, found.period);
    const row = key !== undefined && this.periods.get(key);
    if (!found || !row) return;
    const given = { grant_id, grant_times: found.times, grant_status: 'open' as const, grant_taken: 0n };
    this.periods.set(keyOf(found.subscriptionId, found.period), { ...row, ...given });
  }
}
