import { encodeHoldContext } from '../holds/hold-context.js';
import type { AccessKey } from '../access/access-keys.js';
import type { Answered } from './attempts.js';
import type { Bill } from './bill.js';
import type { DialectName } from '../../domain/usage/dialects.js';
import type { MeteredUsage } from '../metering/meter.js';
import type { Terms } from './quote.js';
import type { Consumption, FailedCall } from '../settlement/settlement.js';

/** What is known of a call before anything was decided about it. */
export interface CallIdentity {
  readonly callId: string;
  readonly requestId: string;
  readonly dialect: DialectName;
  readonly endpoint: string;
  readonly startedAt: string;
  /** performance.now() at the start. */
  readonly startedMs: number;
}

/** How a call ended, for metrics and for the record of a call that cost nothing. `code` undefined: an answer. */
export interface CallEnd {
  readonly status: number;
  readonly code: string | undefined;
}

export const CLIENT_CLOSED: CallEnd = { status: 499, code: 'client_closed' };

/** The call's own fields of every usage event. */
export function callFields(call: CallIdentity, key: AccessKey, model: string, streamed: boolean) {
  return {
    call_id: call.callId,
    request_id: call.requestId,
    account_id: key.view.accountId,
    user_id: key.view.userId,
    token_id: key.view.tokenId,
    dialect: call.dialect,
    endpoint: call.endpoint,
    model,
    streamed,
    started_at: call.startedAt,
  };
}

/**
 * The text a hold carries, for whoever must resolve it when this process is dead. Fields are written out here and below: spreading one
 * object after another costs more than all the rest of a charge (seen: 20 µs a call).
 */
export function holdContext(
  call: ReturnType<typeof callFields>,
  { priceVersion, price, group, groupRatio, userGroup }: Terms,
  first: { readonly channelId: string; readonly upstreamModel: string },
): string {
  return encodeHoldContext({
    kind: 'call',
    request_id: call.request_id,
    account_id: call.account_id,
    user_id: call.user_id,
    token_id: call.token_id,
    dialect: call.dialect,
    endpoint: call.endpoint,
    model: call.model,
    streamed: call.streamed,
    started_at: call.started_at,
    price_version: priceVersion,
    model_ratio: price.model_ratio,
    completion_ratio: price.completion_ratio,
    cache_ratio: price.cache_ratio,
    cache_write_ratio: price.cache_write_ratio,
    cache_write_1h_ratio: price.cache_write_1h_ratio,
    audio_ratio: price.audio_ratio,
    image_ratio: price.image_ratio,
    reasoning_ratio: price.reasoning_ratio,
    audio_completion_ratio: price.audio_completion_ratio,
    image_completion_ratio: price.image_completion_ratio,
    per_call_usd: price.per_call_usd,
    per_image_usd: price.per_image_usd,
    per_second_usd: price.per_second_usd,
    per_character_usd: price.per_character_usd,
    per_search_usd: price.per_search_usd,
    group,
    group_ratio: groupRatio,
    user_group: userGroup,
    channel_id: first.channelId,
    upstream_model: first.upstreamModel,
  });
}

export interface ChargedCall {
  readonly fields: ReturnType<typeof callFields>;
  readonly terms: Terms;
  readonly by: Answered;
  readonly metered: MeteredUsage;
  readonly bill: Bill;
  readonly granted: bigint;
  readonly ended: Consumption['ended'];
  readonly durationMs: number;
  readonly firstByteMs: number | null;
}

/** The terms a call was held under are those it is charged under, whatever is published meanwhile. */
export function consumptionOf({
  fields,
  terms,
  by,
  metered,
  bill,
  granted,
  ...end
}: ChargedCall): Consumption {
  const { rates, charge } = bill;
  return {
    call_id: fields.call_id,
    request_id: fields.request_id,
    account_id: fields.account_id,
    user_id: fields.user_id,
    token_id: fields.token_id,
    dialect: fields.dialect,
    endpoint: fields.endpoint,
    model: fields.model,
    streamed: fields.streamed,
    started_at: fields.started_at,
    channel_id: by.channel.channelId,
    upstream_model: by.upstreamModel,
    upstream_request_id: by.upstreamRequestId,
    price_version: terms.priceVersion,
    model_ratio: rates.model_ratio,
    completion_ratio: rates.completion_ratio,
    cache_ratio: rates.cache_ratio,
    cache_write_ratio: rates.cache_write_ratio,
    cache_write_1h_ratio: rates.cache_write_1h_ratio,
    audio_ratio: rates.audio_ratio,
    image_ratio: rates.image_ratio,
    reasoning_ratio: rates.reasoning_ratio,
    audio_completion_ratio: rates.audio_completion_ratio,
    image_completion_ratio: rates.image_completion_ratio,
    per_call_usd: rates.per_call_usd,
    per_image_usd: rates.per_image_usd,
    per_second_usd: rates.per_second_usd,
    per_character_usd: rates.per_character_usd,
    per_search_usd: rates.per_search_usd,
    group: terms.group,
    group_ratio: terms.groupRatio,
    user_group: terms.userGroup,
    tier_above_prompt_tokens: bill.tierAbove,
    image_size: bill.image?.size,
    image_quality: bill.image?.quality,
    usage: metered.usage,
    exact_quota: charge.exact,
    rounding: charge.rounding,
    quota: charge.quota,
    hold_quota: granted,
    overshoot_quota: charge.quota > granted ? charge.quota - granted : 0n,
    basis: metered.basis,
    ended: end.ended,
    duration_ms: Math.round(end.durationMs),
    first_byte_ms: end.firstByteMs === null ? null : Math.round(end.firstByteMs),
  };
}

export function failedCallOf(
  fields: ReturnType<typeof callFields>,
  failure: Pick<FailedCall, 'stage' | 'status' | 'code'> & {
    readonly channelId?: string | null;
    readonly needed?: bigint;
    readonly available?: bigint;
    readonly durationMs: number;
  },
): FailedCall {
  return {
    ...fields,
    stage: failure.stage,
    status: failure.status,
    code: failure.code,
    channel_id: failure.channelId ?? null,
    needed_quota: failure.needed ?? null,
    available_quota: failure.available ?? null,
    duration_ms: Math.round(failure.durationMs),
  };
}
