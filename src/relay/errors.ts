import type { DialectName } from '../domain/usage/dialects.js';

/**
 * Everything a call can be refused or fail with. A dialect turns it into status and text; nothing in the call's story knows HTTP
 * wording. An upstream's own error object is not one of these: it passes through.
 */
export type RelayError =
  | { readonly code: 'invalid_api_key' | 'key_expired' | 'key_disabled' }
  | { readonly code: 'account_suspended' | 'ip_not_allowed' }
  | { readonly code: 'model_not_allowed' | 'model_not_found' | 'no_channel'; readonly model: string }
  /** Every channel that serves the model to the key speaks another dialect: one of those named. */
  | {
      readonly code: 'dialect_not_supported';
      readonly model: string;
      readonly dialects: readonly DialectName[];
    }
  | {
      readonly code: 'insufficient_quota';
      /** Whether the account's balance or the key's own limit is short. */
      readonly budget: 'account' | 'token';
      readonly needed: bigint;
      readonly available: bigint;
    }
  | { readonly code: 'invalid_request'; readonly message: string; readonly param: string | null }
  | { readonly code: 'request_too_large'; readonly limitBytes: number }
  | { readonly code: 'request_timeout' }
  | {
      readonly code: 'rate_limit_exceeded';
      /** Whose limit: of the key, its user, its group, or of all calls. */
      readonly scope: 'key' | 'user' | 'group' | 'global';
      readonly kind: 'requests' | 'tokens' | 'concurrency';
      /** A minute, or at once. */
      readonly limit: number;
      readonly retryAfterMs: number;
    }
  | { readonly code: 'upstream_unavailable' | 'upstream_timeout' }
  | { readonly code: 'ledger_unavailable' | 'shutting_down' | 'overloaded'; readonly retryAfterMs: number }
  | { readonly code: 'not_found'; readonly method: string; readonly path: string }
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
