import type { RelayError } from '../errors.js';
import type { AccessKey } from './access-keys.js';

/** What a key must allow before its call is looked at. Undefined: it may. `nowMs` is milliseconds since 1970. */
export function refuseKey(
  key: AccessKey | undefined,
  address: string | undefined,
  nowMs: number,
): RelayError | undefined {
  // The keys of an erased account are revoked with it; one that was being issued just then is nobody's either.
  if (!key || key.view.revoked || key.view.accountErased) return { code: 'invalid_api_key' };
  // The same of whoever was a member of the team, until each key is revoked.
  if (key.view.team?.memberGone) return { code: 'invalid_api_key' };
  const { expires_at: expiresAt } = key.view.limits;
  if (expiresAt !== null && nowMs >= expiresAt * 1000) return { code: 'key_expired' };
  if (key.view.disabled) return { code: 'key_disabled' };
  if (key.view.accountSuspended || key.view.team?.memberSuspended) return { code: 'account_suspended' };
  if (!key.allowsAddress(address)) return { code: 'ip_not_allowed' };
  return undefined;
}

export function refuseModel(key: AccessKey, model: string): RelayError | undefined {
  return key.allowsModel(model) ? undefined : { code: 'model_not_allowed', model };
}
