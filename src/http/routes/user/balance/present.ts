import { usdOfQuota } from '../../../../domain/money/quota.js';
import type { AccountView } from '../../../../projections/account/view.js';
import type { UsageView } from '../../../../projections/statistics/usage/view.js';
import type { FirstSteps } from '../../../people/own.js';

const WEEK = 7;

interface BalanceParts {
  readonly account: Pick<AccountView, 'balance' | 'createdAt'>;
  readonly held: bigint | undefined;
  readonly steps: FirstSteps;
  /** In the last 24 hours. */
  readonly refused: number;
  /** Of the last thirty days, today's last. */
  readonly usage: UsageView;
}

const money = (quota: bigint) => ({ quota, usd: usdOfQuota(quota) });

export function presentBalance({
  account: { balance, createdAt },
  held,
  steps,
  refused,
  usage,
}: BalanceParts) {
  const days = spentByDay(usage);
  const week = days.slice(-WEEK);
  return {
    balance: money(balance),
    held: held === undefined ? null : money(held),
    available: held === undefined ? null : money(balance - held),
    spent_7_days: spent(usage, WEEK),
    spent_30_days: spent(usage, days.length),
    refused_24_hours: refused,
    days_left: daysLeft(balance, week),
    checklist: {
      ...{ topped_up: steps.toppedUp, has_key: steps.hasKey, has_called: steps.hasCalled },
      since: createdAt.toISOString(),
    },
    position: usage.position.toString(),
    as_of: usage.asOf.toISOString(),
  };
}

/** Of the last days, with how many calls it was. */
const spent = ({ series: [all] }: UsageView, days: number) => ({
  ...money(sum((all?.quota ?? []).slice(-days))),
  requests: sum((all?.requests ?? []).slice(-days)),
});

/** Null: before the account was there. */
function spentByDay({ series, buckets }: UsageView): readonly (bigint | null)[] {
  const [all] = series;
  return all ? all.quota : buckets.map(() => null);
}

const sum = (days: readonly (bigint | null)[]): bigint =>
  days.reduce<bigint>((total, day) => total + (day ?? 0n), 0n);

/** Whole days, cut off: the balance by the mean of the days that there were. Corrections may leave less than nothing spent. */
function daysLeft(balance: bigint, week: readonly (bigint | null)[]): number | null {
  const spent = sum(week);
  const days = week.filter((day) => day !== null).length;
  if (spent <= 0n || days === 0) return null;
  return balance <= 0n ? 0 : Number((balance * BigInt(days)) / spent);
}
