import type { RelayError } from './errors.js';

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
      return `No channel serves the model ${error.model} at the moment.`;
    case 'dialect_not_supported':
      return `The model ${error.model} cannot be called in this dialect, but in: ${error.dialects.join(', ')}.`;
    case 'insufficient_quota': {
      const what = error.budget === 'account' ? "The account's balance" : "The access key's limit";
      return `${what} cannot carry this call: ${error.needed} quota needed, ${error.available} available.`;
    }
    case 'invalid_request':
      return error.message;
    case 'request_too_large':
      return `The request body is larger than ${error.limitBytes} bytes.`;
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
    case 'not_found':
      return `Unknown request: ${error.method} ${error.path}.`;
    case 'internal':
      return 'The call failed on our side; nothing was charged for what was not delivered.';
  }
}

const whose = {
  key: 'this access key',
  user: 'this user',
  group: "this access key's group",
  global: 'all callers together',
};

function tooFast({ scope, kind, limit }: Extract<RelayError, { code: 'rate_limit_exceeded' }>): string {
  if (kind === 'concurrency') return `Too many calls at once: ${whose[scope]} may have ${limit} open.`;
  return `Too many ${kind}: ${whose[scope]} may have ${limit} a minute.`;
}
