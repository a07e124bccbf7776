import { moneyParts, quotaOfUsd, usdOfQuota } from '../../format/money.ts';
import type { PersonKey } from './keys-queries.ts';

/** How long a key lives, counted from now. */
export const lives = ['keep', '7', '30', '90', '365', '3650'] as const;
export type Life = (typeof lives)[number];

/** A key as it stands in its form. */
export interface KeyDraft {
  readonly name: string;
  /** Dollars as typed; empty: no limit. */
  readonly limit: string;
  readonly life: Life;
  readonly models: readonly string[];
  /** One a line. */
  readonly addresses: string;
}

export const NEW_KEY: KeyDraft = {
  name: '',
  limit: '',
  life: '365',
  models: [],
  addresses: '',
};

/** `20.00` and `0.005`, as people write amounts. */
function typedUsd(quota: number): string {
  const { dollars, cents, tail } = moneyParts(usdOfQuota(quota));
  return `${dollars.replaceAll(',', '')}.${cents}${tail}`.replace(/(\.\d\d\d*?)0+$/, '$1');
}

export const draftOf = (key: PersonKey): KeyDraft => ({
  name: key.name,
  limit: key.quota_limit === null ? '' : typedUsd(key.quota_limit),
  life: 'keep',
  models: key.models,
  addresses: key.allow_ips.join('\n'),
});

/** Whether the limit is an amount, or none. */
export const isLimitRead = ({ limit }: KeyDraft): boolean =>
  limit.trim() === '' || quotaOfUsd(limit) !== undefined;

/** As the API takes it; `quota_limit` is left out where there is none. */
export const bodyOf = ({ name, limit, life, models, addresses }: KeyDraft) => ({
  name: name.trim(),
  ...(limit.trim() !== '' && { quota_limit: quotaOfUsd(limit) ?? 0 }),
  ...(life !== 'keep' && { expires_in_days: Number(life) }),
  models: [...models],
  allow_ips: addresses.split(/[\s,;]+/).filter((address) => address !== ''),
});

/** As a change of a key is taken: an empty text takes its limit away. */
export const changeOf = (draft: KeyDraft) => ({ quota_limit: '' as const, ...bodyOf(draft) });
