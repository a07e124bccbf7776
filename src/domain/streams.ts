import type { ClaimKind } from './claim/events.js';
import type { SettingKey } from './setting/settings.js';

/** Names of streams. Ids are made by the commands (uuid5 of the natural key); nothing personal is in a name. */
export const accountStream = (accountId: string) => `account-${accountId}`;
export const paymentStream = (paymentUuid: string) => `payment-${paymentUuid}`;
export const adjustmentStream = (adjustmentUuid: string) => `adjustment-${adjustmentUuid}`;
export const tokenStream = (tokenId: number) => `token-${tokenId}`;
export const claimStream = (kind: ClaimKind, keyedHash: string) => `claim-${kind}-${keyedHash}`;
export const priceListStream = 'pricelist';
export const settingStream = (key: SettingKey) => `setting-${key}`;
export const operatorStream = (name: string) => `operator-${name}`;
export const serviceKeyStream = (id: string) => `servicekey-${id}`;
export const channelStream = (channelId: string) => `channel-${channelId}`;

/** Usage is kept by account and month (UTC), so that a stream stays bounded: `usage-<account>-202611`. */
export function usageStream(accountId: string, at: Date): string {
  return `usage-${accountId}-${at.toISOString().slice(0, 7).replace('-', '')}`;
}
