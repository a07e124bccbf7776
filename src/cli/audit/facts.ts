import { usdOfQuota } from '../../domain/money/quota.js';
import type { Owner } from '../../books/audit/tables.js';

export type Fact = readonly [label: string, value: string | number | bigint | null];

/** Labels and values beneath each other; those without a value are left out. A line break in a value must not look like another line. */
export function facts(rows: readonly Fact[], indent = ''): string {
  const known = rows.filter(([, value]) => value !== null && value !== '');
  const width = Math.max(0, ...known.map(([label]) => label.length));
  return known
    .map(([label, value]) => `${indent}${label.padEnd(width)}  ${String(value).replaceAll(/\p{Cc}+/gu, ' ')}`)
    .join('\n');
}

/** `34,245,000 quota ($68.49)` */
export const money = (quota: bigint): string => {
  const usd = usdOfQuota(quota);
  const dollars = usd.startsWith('-') ? `-$${usd.slice(1)}` : `$${usd}`;
  return `${quota.toLocaleString('en-US')} quota (${dollars})`;
};

export const count = (amount: number | bigint): string => amount.toLocaleString('en-US');

export const ownerText = ({ external_user_id, user_id, account_id }: Owner): string =>
  `${external_user_id} (user ${user_id}, account ${account_id})`;

/** Where in the log. */
export const placeText = (place: {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
}): string => `position ${place.position}, revision ${place.revision} of ${place.stream}`;
