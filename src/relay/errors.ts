import type { Protocol } from '../domain/channel/protocols.js';
import type { DialectName } from '../domain/usage/dialects.js';
import { contentCodings } from '../support/content-coding.js';

/**
 * Everything a call can be refused or fail with. A dialect turns it into status and text; nothing in the call's story knows HTTP
 * wording. An upstream's own error object is not one of these: it passes through.
 */
export type RelayError =
  | { readonly code: 'invalid_api_key' | 'key_expired' | 'key_disabled' }
  | { readonly code: 'account_suspended' | 'ip_not_allowed' }
  | { readonly code: 'model_not_allowed' | 'model_not_found'; readonly model: string }
  /** `disabled`: channels would serve it, and are out of use. */
  | { readonly code: 'no_channel'; readonly model: string; readonly disabled?: boolean }
  /** Every channel that serves the model to the key speaks another dialect: one of those named. */
  | {
      readonly code: 'dialect_not_supported';
      readonly model: string;
      readonly dialects: readonly DialectName[];
      /** The same more exactly: a dialect that is named may have other endpoints than the one that was called. */
      readonly protocols: readonly Protocol[];
    }
  | {
      readonly code: 'insufficient_quota';
      /** What is short: the account's balance, the key's own limit, or what a member or a key of a team may spend in a period. */
      readonly budget: 'account' | 'token' | 'team-member' | 'team-key';
      /** `202611`; of a budget of a team alone. */
      readonly period?: string | undefined;
      readonly needed: bigint;
      readonly available: bigint;
    }
  | { readonly code: 'invalid_request'; readonly message: string; readonly param: string | null }
  /** `coding`: what it unpacks to is far more than was sent, whatever else may come of it. */
  | { readonly code: 'request_too_large'; readonly limitBytes: number; readonly coding?: string }
  /** The body is encoded as nobody here can decode. */
  | { readonly code: 'unsupported_encoding'; readonly coding: string }
  /** The bodies under way, of all keys or of this one, take as much memory as they may. */
  | { readonly code: 'bodies_full'; readonly ofKey: boolean; readonly retryAfterMs: number }
  | { readonly code: 'request_timeout' }
  | {
      readonly code: 'rate_limit_exceeded';
      /** Whose limit: of the key, its user, its group, or of all calls. */
      readonly scope: 'key' | 'user' | 'group' | 'global';
      readonly kind: 'requests' | 'tokens' | 'concurrency' | 'aborts';
      /** A minute, or at once. */
      readonly limit: number;
      readonly retryAfterMs: number;
    }
  | { readonly code: 'upstream_unavailable' | 'upstream_timeout' }
  | { readonly code: 'ledger_unavailable' | 'shutting_down' | 'overloaded'; readonly retryAfterMs: number }
  /** What `member` refers to was not left at upstream by a call of this account. */
  | { readonly code: 'reference_not_found'; readonly member: string; readonly id: string }
  /** `served`: the path at which the relay has what was asked for, where it has. */
  | {
      readonly code: 'not_found';
      readonly method: string;
      readonly path: string;
      readonly served?: string | undefined;
    }
  /** Another protocol was asked for on the connection: WebSocket. */
  | { readonly code: 'upgrade_refused'; readonly protocol: string }
  | { readonly code: 'internal' };

export type RelayErrorCode = RelayError['code'];

/** What goes wrong between the relay and its ledger is, to a client, the ledger's absence. */
export const LEDGER_AWAY: RelayError = { code: 'ledger_unavailable', retryAfterMs: 2_000 };

/** Ends a call's story where it stands; caught in one place. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
  constructor(
    readonly refusal: RelayError,
    options?: ErrorOptions,
  ) {
    super(refusal.code, options);
  }
}

/** Code -> status, and code as clients see it. The one table of all dialects. */
const table: Record<RelayErrorCode, readonly [status: number, code: string]> = {
  invalid_api_key: [401, 'invalid_api_key'],
  key_expired: [401, 'key_expired'],
  key_disabled: [401, 'key_disabled'],
  account_suspended: [403, 'account_suspended'],
  model_not_allowed: [403, 'model_not_allowed'],
  ip_not_allowed: [403, 'ip_not_allowed'],
  insufficient_quota: [402, 'insufficient_quota'],
  model_not_found: [404, 'model_not_found'],
  no_channel: [503, 'no_channel'],
  dialect_not_supported: [400, 'dialect_not_supported'],
  invalid_request: [400, 'invalid_request_error'],
  request_too_large: [413, 'request_too_large'],
  unsupported_encoding: [415, 'unsupported_media_type'],
  bodies_full: [503, 'overloaded'],
  request_timeout: [408, 'request_timeout'],
  rate_limit_exceeded: [429, 'rate_limit_exceeded'],
  upstream_unavailable: [502, 'upstream_unavailable'],
  upstream_timeout: [504, 'upstream_unavailable'],
  ledger_unavailable: [503, 'ledger_unavailable'],
  shutting_down: [503, 'shutting_down'],
  overloaded: [503, 'overloaded'],
  reference_not_found: [404, 'reference_not_found'],
  not_found: [404, 'not_found'],
  upgrade_refused: [426, 'upgrade_refused'],
  internal: [500, 'internal_error'],
};

export function statusOf(error: RelayError): number {
  return table[error.code][0];
}

/** The code as clients see it, also that of the `call-failed` event. */
export function publicCode(error: RelayError): string {
  return table[error.code][1];
}

/** Every code that clients see, in order, with the statuses it comes with. */
export function relayErrorCodes(): [code: string, statuses: number[]][] {
  const found = new Map<string, Set<number>>();
  for (const [status, code] of Object.values(table))
    found.set(code, (found.get(code) ?? new Set()).add(status));
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, statuses]) => [code, [...statuses].sort((a, b) => a - b)]);
}

/** The headers that belong to an error, in any dialect. */
export function errorHeaders(error: RelayError): Record<string, string> {
  // Without it some clients ask again and again in silence (Claude Code: seven times).
  if (error.code === 'insufficient_quota' || statusOf(error) === 401) return { 'x-should-retry': 'false' };
  // What RFC 9110 tells a client that may try another one.
  if (error.code === 'unsupported_encoding') return { 'accept-encoding': contentCodings };
  // RFC 9110, 15.5.22: the protocol that is spoken here. Some clients then go on by HTTP at once.
  if (error.code === 'upgrade_refused') return { upgrade: 'HTTP/1.1', connection: 'close' };
  // The rest of the body is not read.
  if (error.code === 'request_timeout') return { connection: 'close' };
  if (!('retryAfterMs' in error)) return {};
  return { 'retry-after': retrySeconds(error.retryAfterMs) };
}

/** Whole seconds, at least one. */
export function retrySeconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)));
}

/** What went wrong, in words. `keyPlace` is where this dialect's clients put their key. */
export function messageOf(error: RelayError, keyPlace: string): string {
  switch (error.code) {
    case 'invalid_api_key':
      return `No access key, or one that is unknown or revoked. Send it as ${keyPlace}.`;
    case 'key_expired':
      return 'This access key has expired.';
    case 'key_disabled':
      return 'This access key is disabled.';
    case 'account_suspended':
      return 'This account is suspended.';
    case 'ip_not_allowed':
      return 'This access key may not be used from this address.';
    case 'model_not_allowed':
      return `This access key may not use the model ${error.model}.`;
    case 'model_not_found':
      return `The model ${error.model} does not exist.`;
    case 'no_channel':
      return `No channel serves the model ${error.model} at the moment${error.disabled ? ': those that would are disabled' : ''}.`;
    case 'dialect_not_supported':
      return `The model ${error.model} cannot be called in this dialect, but in: ${error.dialects.join(', ')} (${error.protocols.join(', ')}).`;
    case 'insufficient_quota': {
      const of = error.period === undefined ? '' : ` of ${error.period}`;
      return `${shortBudgets[error.budget]}${of} cannot carry this call: ${error.needed} quota needed, ${error.available} available.`;
    }
    case 'invalid_request':
      return error.message;
    case 'request_too_large':
      return error.coding === undefined
        ? `The request body is larger than ${error.limitBytes} bytes.`
        : `The request body in Content-Encoding: ${error.coding} unpacks to far more than was sent.`;
    case 'unsupported_encoding':
      return `Content-Encoding: ${error.coding} cannot be decoded; one of ${contentCodings} can, or none.`;
    case 'bodies_full':
      return `The requests of ${error.ofKey ? 'this access key' : 'all callers'} that are under way hold all the bytes they may. Please try again.`;
    case 'request_timeout':
      return 'The request body did not arrive in time.';
    case 'rate_limit_exceeded':
      return tooFast(error);
    case 'upstream_unavailable':
      return 'The model cannot be reached at the moment.';
    case 'upstream_timeout':
      return 'The model did not answer in time.';
    case 'ledger_unavailable':
      return 'The ledger cannot be reached at the moment; nothing was charged. Please try again.';
    case 'overloaded':
      return 'This node carries all the calls it can. Please try again.';
    case 'shutting_down':
      return 'This node is shutting down. Please try again.';
    case 'reference_not_found':
      return `${error.member}: ${error.id.slice(0, 200)} was not found among what calls of this account have left.`;
    case 'not_found':
      return unknownRequest(error);
    case 'upgrade_refused':
      return `This is served by HTTP alone, not by ${error.protocol.slice(0, 50)}: send the request with POST.`;
    case 'internal':
      return 'The call failed on our side; nothing was charged for what was not delivered.';
  }
}

const shortBudgets = {
  account: "The account's balance",
  token: "The access key's limit",
  'team-member': "The member's budget",
  'team-key': "The access key's budget",
};

function unknownRequest({ method, path, served }: Extract<RelayError, { code: 'not_found' }>): string {
  const what = `Unknown request: ${method} ${path}.`;
  if (served === undefined) return what;
  return `${what} It is served at ${served}: the base address that the client was given is not the right one.`;
}

const whose = {
  key: 'this access key',
  user: 'this user',
  group: "this access key's group",
  global: 'all callers together',
};

function tooFast({ scope, kind, limit }: Extract<RelayError, { code: 'rate_limit_exceeded' }>): string {
  if (kind === 'concurrency') return `Too many calls at once: ${whose[scope]} may have ${limit} open.`;
  if (kind === 'aborts')
    return `Too many calls hung up on: ${whose[scope]} may hang up on ${limit} a minute.`;
  return `Too many ${kind}: ${whose[scope]} may have ${limit} a minute.`;
}
