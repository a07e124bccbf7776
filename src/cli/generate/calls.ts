import type { EventOf } from '../../domain/events/catalogue.js';
import { charge } from '../../domain/pricing/charge.js';
import type { Customer } from './customers.js';
import { ratesFor } from '../../domain/pricing/rates.js';
import { usageFrom } from '../../domain/pricing/usage.js';
import { type CallIdForm, newCallId } from '../../domain/usage/call-id.js';
import { GROUP, pricesOf } from './prices.js';
import type { Random } from './random.js';

export type Consumption = EventOf<'consumption-recorded'>['data'];

/** When a call is made, and what holds then. */
export interface Moment {
  readonly priceVersion: number;
  readonly at: Date;
  readonly streams: CallIdForm | undefined;
}

/** Of the one process that serves all calls. */
const LANE = 0;

/** A call of the customer's, as it is recorded when all goes well. Short calls are many, long ones few. */
export function makeConsumption(
  random: Random,
  customer: Customer,
  { priceVersion, at, streams }: Moment,
): Consumption {
  const prices = pricesOf(priceVersion);
  const price = random.next() < 0.01 ? prices[0] : random.pick([prices[1] ?? prices[0], ...prices.slice(1)]);
  const prompt_tokens = Math.ceil(20 * Math.exp(6 * random.next() ** 2));
  const cached_tokens = random.next() < 0.2 ? Math.floor(prompt_tokens / 2) : 0;
  const completion_tokens = Math.ceil(10 * Math.exp(5 * random.next() ** 2));
  const usage = usageFrom({ prompt_tokens, cached_tokens, completion_tokens });
  const { quota, exact, rounding } = charge(ratesFor(price, prompt_tokens), GROUP.ratio, usage);
  const uuid = random.uuid();
  const call_id = streams === 'process' ? newCallId(streams, LANE, at.getTime(), uuid) : uuid;
  const duration_ms = 200 + completion_tokens * random.between(8, 25);
  const streamed = random.next() < 0.6;
  const { model, model_ratio, completion_ratio, cache_ratio, cache_write_ratio, per_call_usd } = price;
  return {
    call_id,
    request_id: `req-${call_id}`,
    ...customer.owner,
    token_id: random.pick(customer.tokenIds),
    dialect: 'openai',
    endpoint: '/v1/chat/completions',
    streamed,
    started_at: at.toISOString(),
    channel_id: 'generated',
    model,
    upstream_model: model,
    upstream_request_id: `chatcmpl-${random.hex(24)}`,
    price_version: priceVersion,
    ...{ model_ratio, completion_ratio, cache_ratio, cache_write_ratio, per_call_usd },
    group: GROUP.name,
    group_ratio: GROUP.ratio,
    usage,
    exact_quota: exact,
    rounding,
    quota,
    hold_quota: quota * 2n,
    overshoot_quota: 0n,
    basis: random.next() < 0.98 ? 'reported' : 'counted',
    ended: random.next() < 0.99 ? 'complete' : 'client-closed',
    duration_ms,
    first_byte_ms: streamed ? random.between(80, 200) : null,
  };
}

/** The same call, where its process died: charged is what it would have been. */
export function abandoned({
  basis: _basis,
  ended: _ended,
  duration_ms: _duration,
  first_byte_ms: _firstByte,
  ...call
}: Consumption): EventOf<'call-abandoned'>['data'] {
  return { ...call, last_heartbeat_at: call.started_at };
}

/** The same call, where the balance did not carry it (`available` is set) or upstream failed. */
export function failed(call: Consumption, available: bigint | null): EventOf<'call-failed'>['data'] {
  const {
    call_id,
    request_id,
    account_id,
    user_id,
    token_id,
    dialect,
    endpoint,
    model,
    streamed,
    started_at,
  } = call;
  const why =
    available === null
      ? ({ stage: 'upstream', status: 502, code: 'upstream_unavailable', needed_quota: null } as const)
      : ({
          stage: 'refused',
          status: 402,
          code: 'insufficient_quota',
          needed_quota: call.hold_quota,
        } as const);
  return {
    ...{ call_id, request_id, account_id, user_id, token_id, dialect, endpoint, model, streamed, started_at },
    ...why,
    channel_id: available === null ? call.channel_id : null,
    available_quota: available,
    duration_ms: available === null ? call.duration_ms : 1,
  };
}
