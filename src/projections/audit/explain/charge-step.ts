import { add, decimal, formatDecimal, ZERO } from '../../../domain/money/decimal.js';
import { charge, type Charge, type ChargeLine } from '../../../domain/pricing/charge.js';
import type { LedgerEventOf } from '../../runtime/projection.js';
import type { Comparison } from '../faults.js';
import { at, type PlaceView, placeOf } from './event.js';
import { listedPrice, type PublishedList } from './price-list.js';

/** A charge with everything that it was made of. Amounts in quota, ratios and exact amounts as decimal text. */
export interface ChargeStep extends PlaceView {
  readonly step: 'charged' | 'abandoned';
  readonly tokens: {
    /** As they were metered: the cached and the cache-written ones are part of the prompt. */
    readonly prompt: number;
    readonly cached: number;
    readonly cache_write: number;
    readonly completion: number;
    /** Reported by the upstream, counted from what was delivered, estimated, or what the last heartbeat of a dead process knew. */
    readonly basis: 'reported' | 'counted' | 'estimate' | 'heartbeat';
  };
  readonly price: {
    readonly version: number;
    readonly published_at: string | null;
    readonly published_by: string | null;
    readonly model_ratio: string;
    readonly completion_ratio: string;
    readonly cache_ratio: string;
    readonly cache_write_ratio: string;
    readonly per_call_usd: string | null;
    readonly group: string;
    readonly group_ratio: string;
  };
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
  readonly ended: string;
  readonly duration_ms: number | null;
  readonly balance_before: bigint;
  readonly balance_after: bigint;
}

type ChargeEvent = LedgerEventOf<'consumption-recorded.v1' | 'call-abandoned.v1'>;

const NOTHING: Charge = { quota: 0n, exact: '0', rounding: 'free', lines: [] };

/** By the function that charged it. An abandoned call of which nothing was delivered costs nothing, whatever the price. */
function recompute({ type, data }: ChargeEvent): Charge {
  if (type === 'call-abandoned.v1' && data.usage.completion_tokens === 0) return NOTHING;
  return charge(data, data.group_ratio, data.usage);
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
  const sum = again.lines.reduce((total, line) => add(total, decimal(line.exact)), ZERO);
  const overshoot = data.quota > data.hold_quota ? data.quota - data.hold_quota : 0n;
  comparison.same(at(event, 'quota'), data.quota, again.quota);
  comparison.same(at(event, 'exact quota'), data.exact_quota, again.exact);
  comparison.same(at(event, 'sum of the lines'), data.exact_quota, formatDecimal(sum));
  comparison.same(at(event, 'rounding'), data.rounding, again.rounding);
  comparison.same(at(event, 'overshoot'), data.overshoot_quota, overshoot);
  comparePrice(event, list, comparison);
  const recorded = event.type === 'consumption-recorded.v1' ? event.data : undefined;
  return {
    step: recorded ? 'charged' : 'abandoned',
    ...placeOf(event),
    tokens: {
      prompt: data.usage.prompt_tokens,
      cached: data.usage.cached_tokens,
      cache_write: data.usage.cache_write_tokens,
      completion: data.usage.completion_tokens,
      basis: recorded?.basis ?? 'heartbeat',
    },
    price: {
      version: data.price_version,
      published_at: list?.publishedAt.toISOString() ?? null,
      published_by: list?.publishedBy ?? null,
      model_ratio: data.model_ratio,
      completion_ratio: data.completion_ratio,
      cache_ratio: data.cache_ratio,
      cache_write_ratio: data.cache_write_ratio,
      per_call_usd: data.per_call_usd,
      group: data.group,
      group_ratio: data.group_ratio,
    },
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
    ended: recorded?.ended ?? 'the process that served it died',
    duration_ms: recorded?.duration_ms ?? null,
    balance_before: balanceAfter + data.quota,
    balance_after: balanceAfter,
  };
}

function comparePrice(event: ChargeEvent, list: PublishedList | undefined, comparison: Comparison): void {
  if (!list) return;
  const { data } = event;
  const { price, groupRatio } = listedPrice(list, data.model, data.group);
  const ratios = [
    'model_ratio',
    'completion_ratio',
    'cache_ratio',
    'cache_write_ratio',
    'per_call_usd',
  ] as const;
  for (const name of ratios) {
    comparison.same(`${at(event, name)}, against price list ${list.version}`, data[name], price?.[name]);
  }
  comparison.same(
    `${at(event, 'group_ratio')}, against price list ${list.version}`,
    data.group_ratio,
    groupRatio,
  );
}
