import type { WholeEventOf } from '../../../projections/runtime/projection.js';

const reasons: Readonly<Record<string, string>> = {
  account_suspended: 'the account was suspended',
  model_not_allowed: 'the key may not use this model',
  model_not_found: 'no price list knew the model',
  no_channel: "no enabled channel served the model to the key's group",
  invalid_request_error: 'the request was malformed',
  rate_limit_exceeded: 'the key sent too many requests',
  upstream_unavailable: 'no upstream could be reached, after the retries',
  upstream_timeout: 'no upstream answered in time',
  client_closed: 'the client hung up before anything was delivered',
  ledger_unavailable: 'the ledger could not be written to, or its cache could not be asked',
};

const stages: Readonly<Record<string, string>> = {
  refused: 'refused before anything was forwarded',
  upstream: 'failed at the upstream',
  client: 'ended by the client',
  internal: 'failed within the relay',
};

/** In a sentence, why a call cost nothing. */
export function whyOf({ data }: WholeEventOf<'call-failed'>, balance: bigint): string {
  const stage = stages[data.stage] ?? data.stage;
  if (data.needed_quota !== null && data.available_quota !== null) {
    const difference = balance - data.available_quota;
    const rest =
      difference === 0n
        ? ', which is the whole balance'
        : `; the balance was ${balance}, and the rest was held by other calls, or above the limit of the key or a budget of its team`;
    return `${stage}: the call needed at least ${data.needed_quota} quota and ${data.available_quota} was available${rest}`;
  }
  return `${stage}: ${reasons[data.code] ?? data.code}`;
}
