import type { ClaimKind } from './claim/events.js';
import type { SettingKey } from './setting/settings.js';
import { placeOf } from './usage/call-id.js';

/** Names of streams. Ids are made by the commands (uuid5 of the natural key); nothing personal is in a name. */
export const accountStream = (accountId: string) => `account-${accountId}`;
export const paymentStream = (paymentUuid: string) => `payment-${paymentUuid}`;
export const orderStream = (orderUuid: string) => `order-${orderUuid}`;
/** Money that is for no order that there is. */
export const strayStream = (flagId: string) => `stray-${flagId}`;
/** What becomes of a refund at its provider; what it takes from the account is in the stream of its payment. */
export const refundStream = (refundUuid: string) => `refund-${refundUuid}`;
/** Fees and payouts of a provider; one stream what it calls so. */
export const cashStream = (cashId: string) => `cash-${cashId}`;
/** Quota that was given; one stream a source. */
export const grantStream = (grantId: string) => `grant-${grantId}`;
/** Codes of which each gives quota once. */
export const codeBatchStream = (batchId: string) => `codebatch-${batchId}`;
/** By whom an account was invited, and what its orders brought them; one stream an account. */
export const referralStream = (referralId: string) => `referral-${referralId}`;
/** What is sold by the period, in its versions. */
export const planStream = (planId: string) => `plan-${planId}`;
/** The periods of a plan that an account bought; one stream an account and plan. */
export const subscriptionStream = (subscriptionId: string) => `subscription-${subscriptionId}`;
/** Who spends an account's money, and how much of it; one stream an account. */
export const teamStream = (teamId: string) => `team-${teamId}`;
/** What was given back of leases whose holders died; one stream an account. */
export const leaseStream = (accountId: string) => `lease-${accountId}`;
export const adjustmentStream = (adjustmentUuid: string) => `adjustment-${adjustmentUuid}`;
export const tokenStream = (tokenId: number) => `token-${tokenId}`;
export const claimStream = (kind: ClaimKind, keyedHash: string) => `claim-${kind}-${keyedHash}`;
export const priceListStream = 'pricelist';
export const settingStream = (key: SettingKey) => `setting-${key}`;
/** How the person of an account signs in. */
export const loginStream = (accountId: string) => `login-${accountId}`;
export const operatorStream = (name: string) => `operator-${name}`;
export const serviceKeyStream = (id: string) => `servicekey-${id}`;
/** Its first event says who the log is. */
export const ledgerStream = 'ledger';
/** What the log is among the logs that its ledger has had; no part of a copy of it. */
export const logStream = 'log';
/** What was owed to all accounts at the end of each day. */
export const liabilityStream = 'liability';
export const channelStream = (channelId: string) => `channel-${channelId}`;

/** Streams that are one each. */
export const OWN_STREAMS = [priceListStream, ledgerStream, logStream, liabilityStream] as const;

/** What the names of all others begin with. A name that is made above must be among them, or its events are taken for somebody else's. */
export const OWN_PREFIXES = [
  'account-',
  'payment-',
  'order-',
  'refund-',
  'stray-',
  'cash-',
  'adjustment-',
  'grant-',
  'codebatch-',
  'referral-',
  'plan-',
  'subscription-',
  'team-',
  'lease-',
  'token-',
  'claim-',
  'setting-',
  'operator-',
  'login-',
  'servicekey-',
  'channel-',
  'usage-',
] as const;

const ownStreams: ReadonlySet<string> = new Set(OWN_STREAMS);
const ownPrefixes: ReadonlySet<string> = new Set(OWN_PREFIXES);

/** Whether a stream is the ledger's: a log may be used by others as well, and what they write is nobody's money here. */
export function isOwnStream(stream: string): boolean {
  // What most events of a log are in.
  if (stream.startsWith('usage-')) return true;
  const dash = stream.indexOf('-');
  return dash < 0 ? ownStreams.has(stream) : ownPrefixes.has(stream.slice(0, dash + 1));
}

/**
 * The stream of a call's charge is said by its id. Either that of the process that serves it and the hour (UTC), so that one append has all
 * charges of the process that are ready: `usage-0c-2026112109`. Or that of its account and the month, and of the process's lane, so that
 * processes do not wait for each other: `usage-<account>-202611-0c`; without the lane for calls made before there were any. A stream stays
 * bounded by its time.
 */
export function usageStream({ account_id, started_at, call_id }: PlacedCall): string {
  const { lane, madeMs } = placeOf(call_id);
  if (madeMs !== undefined) return `usage-${lane}-${hourOf(madeMs)}`;
  const month = `${started_at.slice(0, 4)}${started_at.slice(5, 7)}`;
  return lane === undefined ? `usage-${account_id}-${month}` : `usage-${account_id}-${month}-${lane}`;
}

const HOUR_MS = 3_600_000;
let latestHour = { number: -1, name: '' };

/** `2026112109`. Nearly all that are asked for are of the same hour. */
function hourOf(ms: number): string {
  const number = Math.floor(ms / HOUR_MS);
  if (number !== latestHour.number)
    latestHour = { number, name: new Date(ms).toISOString().slice(0, 13).replace(/[-T]/g, '') };
  return latestHour.name;
}

/** What says where the charge of a call is. */
export interface PlacedCall {
  readonly account_id: string;
  readonly call_id: string;
  /** ISO 8601 in UTC. */
  readonly started_at: string;
}
