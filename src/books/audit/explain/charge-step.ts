import { add, exactDecimal, formatDecimal, ZERO } from '../../../domain/money/decimal.js';
import { charge, type Charge, type ChargeLine } from '../../../domain/pricing/charge.js';
import { type Rates, rateNames } from '../../../domain/pricing/price.js';
import { ratesFor, tierFor, tokenRatesFor } from '../../../domain/pricing/rates.js';
import { serviceTierNamed } from '../../../domain/pricing/service-tiers.js';
import { type TokenKind, tokenKinds, type UnitKind, unitKinds } from '../../../domain/pricing/usage.js';
import type { Doubt } from '../../../domain/usage/events.js';
import type { WholeEventOf } from '../../../projections/runtime/projection.js';
import type { Comparison } from '../faults.js';
import { at, type PlaceView, placeOf } from './event.js';
import { listedPrice, type PublishedList } from './price-list.js';

/** A charge with everything that it was made of. Amounts in quota, ratios and exact amounts as decimal text. */
export interface ChargeStep extends PlaceView {
  readonly step: 'charged' | 'abandoned';
  /** As they were metered: parts of the prompt (cached, written, audio, image) and of the output (reasoning, audio, image) are in it. */
  readonly tokens: Readonly<Record<TokenKind, number>> & {
    /** Reported by the upstream, counted from what was delivered, estimated, or what the last heartbeat of a dead process knew. */
    readonly basis: 'reported' | 'counted' | 'estimate' | 'heartbeat';
  };
  /** What was used beside tokens. */
  readonly units: Readonly<Record<UnitKind, number>>;
  /** Ratios and prices of kinds that the price does not tell apart are not there. */
  readonly price: Rates & {
    readonly version: number;
    readonly published_at: string | null;
    readonly published_by: string | null;
    readonly group: string;
    readonly group_ratio: string;
    readonly user_group: string | null;
    /** The tier of the prompt: it was longer than so many tokens. */
    readonly tier_above_prompt_tokens: number | null;
    /** The class of service. */
    readonly service_tier: string | null;
    readonly image_size: string | null;
    readonly image_quality: string | null;
  };
  /** What was charged by rates of its own, in the same sum. */
  readonly parts: readonly PartStep[];
  readonly lines: readonly ChargeLine[];
  /** Sum of the lines, before the one rounding. */
  readonly exact_quota: string;
  readonly rounding: Charge['rounding'];
  readonly quota: bigint;
  readonly hold_quota: bigint;
  readonly overshoot_quota: bigint;
  readonly upstream: {
    readonly channel_id: string;
    readonly channel_name: string | null;
    readonly model: string;
    readonly request_id: string | null;
  };
  /** What upstream reported and was not believed; null where there was nothing of that kind. */
  readonly doubt: Doubt | null;
  readonly ended: string;
  readonly duration_ms: number | null;
  /** From the request to the first byte of the answer; null where there was none, or nobody knows. */
  readonly first_byte_ms: number | null;
  readonly balance_before: bigint;
  readonly balance_after: bigint;
}

type Part = NonNullable<WholeEventOf<'consumption-recorded'>['data']['parts']>[number];

/** What another model did for the call, or the same one in another tier. */
interface PartStep {
  readonly model: string;
  readonly prompt: number;
  readonly completion: number;
  readonly tier_above_prompt_tokens: number | null;
}

type ChargeEvent = WholeEventOf<'consumption-recorded' | 'call-abandoned'>;

const NOTHING: Charge = { quota: 0n, exact: '0', rounding: 'free', lines: [] };

/** By the function that charged it. An abandoned call of which nothing was delivered costs nothing, whatever the price. */
function recompute({ type, data }: ChargeEvent): Charge {
  if (type === 'call-abandoned' && data.usage.completion_tokens === 0) return NOTHING;
  return charge(data, data.group_ratio, data.usage, type === 'consumption-recorded' ? data.parts : undefined);
}

/** The step of a charge; what is recorded of it must be what its inputs give, and its price must be the one that was published. */
export function chargeStep(
  event: ChargeEvent,
  context: {
    readonly comparison: Comparison;
    readonly list: PublishedList | undefined;
    readonly channelName: string | null;
    readonly balanceAfter: bigint;
  },
): ChargeStep {
  const { data } = event;
  const { comparison, list, channelName, balanceAfter } = context;
  const again = recompute(event);
  const sum = again.lines.reduce((total, line) => add(total, exactDecimal(line.exact)), ZERO);
  const overshoot = data.quota > data.hold_quota ? data.quota - data.hold_quota : 0n;
  comparison.same(at(event, 'quota'), data.quota, again.quota);
  comparison.same(at(event, 'exact quota'), data.exact_quota, again.exact);
  comparison.same(at(event, 'sum of the lines'), data.exact_quota, formatDecimal(sum));
  comparison.same(at(event, 'rounding'), data.rounding, again.rounding);
  comparison.same(at(event, 'overshoot'), data.overshoot_quota, overshoot);
  comparePrice(event, list, comparison);
  const recorded = event.type === 'consumption-recorded' ? event.data : undefined;
  return {
    step: recorded ? 'charged' : 'abandoned',
    ...placeOf(event),
    tokens: tokensOf(event),
    units: unitsOf(event),
    price: {
      version: data.price_version,
      published_at: list?.publishedAt.toISOString() ?? null,
      published_by: list?.publishedBy ?? null,
      ...ratesOf(data),
      group: data.group,
      group_ratio: data.group_ratio,
      user_group: data.user_group ?? null,
      tier_above_prompt_tokens: data.tier_above_prompt_tokens ?? null,
      service_tier: data.service_tier ?? null,
      image_size: data.image_size ?? null,
      image_quality: data.image_quality ?? null,
    },
    parts: (recorded?.parts ?? []).map(partStep),
    lines: again.lines,
    exact_quota: again.exact,
    rounding: again.rounding,
    quota: again.quota,
    hold_quota: data.hold_quota,
    overshoot_quota: overshoot,
    upstream: {
      channel_id: data.channel_id,
      channel_name: channelName,
      model: data.upstream_model,
      request_id: data.upstream_request_id,
    },
    doubt: recorded?.doubt ?? null,
    ended: recorded?.ended ?? 'the process that served it died',
    duration_ms: recorded?.duration_ms ?? null,
    first_byte_ms: recorded?.first_byte_ms ?? null,
    balance_before: balanceAfter + data.quota,
    balance_after: balanceAfter,
  };
}

const tokensOf = (event: ChargeEvent): ChargeStep['tokens'] => ({
  ...countsBy(tokenKinds, (kind) => event.data.usage[`${kind}_tokens`]),
  basis: event.type === 'consumption-recorded' ? event.data.basis : 'heartbeat',
});

const unitsOf = ({ data: { usage } }: ChargeEvent): ChargeStep['units'] =>
  countsBy(unitKinds, (kind) => usage[kind]);

const countsBy = <Kind extends string>(kinds: readonly Kind[], count: (kind: Kind) => number) =>
  Object.fromEntries(kinds.map((kind) => [kind, count(kind)])) as Record<Kind, number>;

const partStep = ({ model, usage, tier_above_prompt_tokens }: Part): PartStep => ({
  model,
  prompt: usage.prompt_tokens,
  completion: usage.completion_tokens,
  tier_above_prompt_tokens: tier_above_prompt_tokens ?? null,
});

function comparePrice(event: ChargeEvent, list: PublishedList | undefined, comparison: Comparison): void {
  if (!list) return;
  const { data } = event;
  const { price, groupRatio } = listedPrice(list, data.model, data.group, data.user_group);
  const image = { size: data.image_size, quality: data.image_quality };
  const serviceTier = serviceTierNamed(data.service_tier ?? '');
  const listed = price && ratesFor(price, data.usage.prompt_tokens, image, serviceTier);
  const against = `, against price list ${list.version}`;
  for (const name of rateNames) comparison.same(at(event, name) + against, data[name], listed?.[name]);
  const above = price && tierFor(price, data.usage.prompt_tokens).above;
  comparison.same(at(event, 'tier_above_prompt_tokens') + against, data.tier_above_prompt_tokens, above);
  comparison.same(at(event, 'group_ratio') + against, data.group_ratio, groupRatio);
  if (event.type === 'consumption-recorded')
    for (const part of event.data.parts ?? []) comparePart(event, part, list, comparison);
}

/** A model that the list does not know was charged as the one that was called. */
function comparePart(event: ChargeEvent, part: Part, list: PublishedList, comparison: Comparison): void {
  const { model, group, user_group, service_tier = '' } = event.data;
  const own = listedPrice(list, part.model, group, user_group);
  const { price, groupRatio } = own.price ? own : listedPrice(list, model, group, user_group);
  const listed = price && tokenRatesFor(price, part.usage.prompt_tokens, serviceTierNamed(service_tier));
  const against = ` of ${part.model}, against price list ${list.version}`;
  for (const name of rateNames) comparison.same(at(event, name) + against, part[name], listed?.[name]);
  comparison.same(at(event, 'group_ratio') + against, part.group_ratio, groupRatio);
}

/** Those that the event names. */
function ratesOf(data: ChargeEvent['data']): Rates {
  const stated = rateNames.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]]));
  return Object.fromEntries(stated) as Rates;
}
