import type { ClaimKind } from './claim/events.js';
import type { SettingKey } from './setting/settings.js';
import { laneOf } from './usage/call-id.js';

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
/** Its first event says who the log is. */
export const ledgerStream = 'ledger';
/** What the log is among the logs that its ledger has had; no part of a copy of it. */
export const logStream = 'log';
export const channelStream = (channelId: string) => `channel-${channelId}`;

/**
 * Usage is kept by account and month (UTC), so that a stream stays bounded, and by the lane of the process that serves the call, so that
 * processes do not wait for each other: `usage-<account>-202611-0c`. Without the lane for calls made before there were any.
 */
export function usageStream({ account_id, started_at, call_id }: PlacedCall): string {
  const month = `${started_at.slice(0, 4)}${started_at.slice(5, 7)}`;
  const lane = laneOf(call_id);
  return lane === undefined ? `usage-${account_id}-${month}` : `usage-${account_id}-${month}-${lane}`;
}

interface PlacedCall {
  readonly account_id: string;
  readonly call_id: string;
  /** ISO 8601 in UTC. */
  readonly started_at: string;
}
