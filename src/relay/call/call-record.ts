import { type CallContext, callContextFields, encodeHoldContext } from '../../domain/hold/hold-context.js';
import { type Price, type RateName, rateNames } from '../../domain/pricing/price.js';
import { type ServiceTier, serviceTierRatio } from '../../domain/pricing/service-tiers.js';
import { recordMaker } from '../../domain/stored/record-maker.js';
import { callFields as storedCallFields, usageEvents } from '../../domain/usage/events.js';
import type { AccessKey } from '../access/access-keys.js';
import type { Answered } from './outcome.js';
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

type CallField = keyof ReturnType<typeof callFields>;
const callNames = Object.keys(storedCallFields) as CallField[];

const contextOf = recordMaker<CallContext, CallField, RateName>(
  Object.keys(callContextFields),
  callNames,
  rateNames,
);

/** The text a hold carries, for whoever must resolve it when this process is dead. */
export function holdContext(
  call: ReturnType<typeof callFields>,
  { priceVersion, price, group, groupRatio, userGroup }: Terms,
  serviceTier: ServiceTier | undefined,
  first: { readonly channelId: string; readonly upstreamModel: string },
  usageAfter: bigint | undefined,
): string {
  return encodeHoldContext(
    contextOf(call, inServiceTier(price, serviceTier), {
      kind: 'call',
      price_version: priceVersion,
      group,
      group_ratio: groupRatio,
      user_group: userGroup,
      service_tier: serviceTier,
      channel_id: first.channelId,
      upstream_model: first.upstreamModel,
      usage_after: usageAfter?.toString(),
    }),
  );
}

/** A call whose process dies is charged as it asked for: no report of it is known. */
function inServiceTier(
  price: Price,
  tier: ServiceTier | undefined,
): Price & { readonly service_tier_ratio?: string } {
  const service_tier_ratio = serviceTierRatio(price, tier);
  return service_tier_ratio === undefined ? price : { ...price, service_tier_ratio };
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

const consumption = recordMaker<Consumption, CallField, RateName>(
  Object.keys(usageEvents['consumption-recorded'].shape),
  callNames,
  rateNames,
);

/** The terms a call was held under are those it is charged under, whatever is published meanwhile. */
export function consumptionOf(call: ChargedCall): Consumption {
  const { terms, by, metered, bill, granted, firstByteMs } = call;
  const { charge } = bill;
  return consumption(call.fields, bill.rates, {
    channel_id: by.channel.channelId,
    upstream_model: by.upstreamModel,
    upstream_request_id: by.upstreamRequestId,
    upstream_dialect: by.convertedBy?.dialect,
    losses: lossesOf(by),
    price_version: terms.priceVersion,
    group: terms.group,
    group_ratio: terms.groupRatio,
    user_group: terms.userGroup,
    service_tier: bill.serviceTier,
    tier_above_prompt_tokens: bill.tierAbove,
    image_size: bill.image?.size,
    image_quality: bill.image?.quality,
    usage: bill.usage,
    exact_quota: charge.exact,
    rounding: charge.rounding,
    quota: charge.quota,
    hold_quota: granted,
    overshoot_quota: charge.quota > granted ? charge.quota - granted : 0n,
    basis: metered.basis,
    parts: bill.parts,
    doubt: metered.doubt,
    ended: call.ended,
    duration_ms: Math.round(call.durationMs),
    first_byte_ms: firstByteMs === null ? null : Math.round(firstByteMs),
  });
}

/** Absent where there are none, or nothing was converted. */
function lossesOf({ convertedBy }: Answered): string[] | undefined {
  return convertedBy && convertedBy.losses.length > 0 ? [...convertedBy.losses] : undefined;
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
