/** What is asked of usage: calls that were charged, and corrections of their charges, by time and by what they were of. */
export const usageIntervals = ['hour', 'day'] as const;
export type UsageInterval = (typeof usageIntervals)[number];

/** `user`, `channel` and `group` are for operators. */
export const usageGroupings = ['model', 'key', 'none', 'user', 'channel', 'group'] as const;
export type UsageGrouping = (typeof usageGroupings)[number];

export interface UsageFilter {
  readonly accountId?: string | undefined;
  readonly tokenId?: number | undefined;
  readonly model?: string | undefined;
  readonly channelId?: string | undefined;
  /** By which the price was chosen. */
  readonly group?: string | undefined;
}

export interface UsageQuestion {
  readonly interval: UsageInterval;
  readonly groupBy: UsageGrouping;
  /** `YYYY-MM-DD` in the ledger's time zone, both included. */
  readonly from: string;
  readonly to: string;
  readonly filter: UsageFilter;
}

/** Which tables know the answer: days of accounts, days of channels and groups, or the history itself. */
export type UsageSource = 'accounts' | 'traffic' | 'history';

/** The days are counted by whose they are, and by who answered, and not by both together: that is in the history alone. */
export function sourceOf({ interval, groupBy, filter }: UsageQuestion): UsageSource {
  if (interval === 'hour') return 'history';
  const ofAccounts =
    filter.accountId !== undefined || filter.tokenId !== undefined || groupBy === 'user' || groupBy === 'key';
  const ofTraffic =
    filter.channelId !== undefined ||
    filter.group !== undefined ||
    groupBy === 'channel' ||
    groupBy === 'group';
  if (ofAccounts && ofTraffic) return 'history';
  return ofAccounts ? 'accounts' : 'traffic';
}
