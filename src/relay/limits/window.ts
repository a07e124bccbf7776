import type { Limit } from '../../domain/setting/settings.js';
import { type Bucket, type CountedCall, type Counts, MINUTE_MS, type Reading } from './limit-counters.js';

export type LimitKind = 'requests' | 'tokens' | 'concurrency';

export interface LimitRefusal {
  readonly bucket: string;
  readonly kind: LimitKind;
  readonly limit: number;
  readonly retryAfterMs: number;
}

/** What is left of a limit, for the headers of an answer. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Until all of it is there again when nothing more is asked. */
  readonly resetMs: number;
}

/** An open call may end at any time. */
const CONCURRENCY_RETRY_MS = 1_000;

/** 0 is no limit, as if it were absent. */
export const isSet = (limit: number | undefined): limit is number => limit !== undefined && limit > 0;

/** What counts of two minutes in the 60 seconds that end now. */
function within(count: number, before: number, elapsedMs: number): number {
  return count + before * (1 - elapsedMs / MINUTE_MS);
}

/** Whether a call fits where so much has been counted. The script of the shared counters decides the same. */
export function fits(limit: Limit, counts: Counts, elapsedMs: number, call: Asked): boolean {
  return refusedKind(limit, counts, elapsedMs, call) === undefined;
}

type Asked = Pick<CountedCall, 'tokens' | 'isCounted'>;

function refusedKind(
  limit: Limit,
  counts: Counts,
  elapsedMs: number,
  { tokens, isCounted = false }: Asked,
): LimitKind | undefined {
  const { requests_per_minute: calls, tokens_per_minute: most, concurrent_calls: open } = limit;
  if (!isCounted && isSet(open) && counts.calls + 1 > open) return 'concurrency';
  if (!isCounted && isSet(calls) && within(counts.requests, counts.requestsBefore, elapsedMs) + 1 > calls)
    return 'requests';
  if (isSet(most) && within(counts.tokens, counts.tokensBefore, elapsedMs) + tokens > most) return 'tokens';
  return undefined;
}

/** Why a call was not admitted: the first bucket without room. */
export function refusalOf(call: CountedCall, { counts, elapsedMs }: Reading): LimitRefusal {
  for (const [at, { name, limit }] of call.buckets.entries()) {
    const counted = counts[at] as Counts;
    const kind = refusedKind(limit, counted, elapsedMs, call);
    if (kind === 'concurrency') {
      const most = limit.concurrent_calls as number;
      return { bucket: name, kind, limit: most, retryAfterMs: CONCURRENCY_RETRY_MS };
    }
    if (kind === 'requests') {
      const most = limit.requests_per_minute as number;
      const retryAfterMs = waitMs(counted.requests, counted.requestsBefore, elapsedMs, 1, most);
      return { bucket: name, kind, limit: most, retryAfterMs };
    }
    if (kind === 'tokens') {
      const most = limit.tokens_per_minute as number;
      const retryAfterMs = waitMs(counted.tokens, counted.tokensBefore, elapsedMs, call.tokens, most);
      return { bucket: name, kind, limit: most, retryAfterMs };
    }
  }
  throw new Error('a call was refused although every bucket has room for it');
}

/**
 * Until `needed` more fit, when nothing else is asked meanwhile: within this minute as the one before slides out, or in the next. A millisecond
 * more than it takes exactly, because shares are floating-point numbers.
 */
function waitMs(count: number, before: number, elapsedMs: number, needed: number, limit: number): number {
  const room = limit - needed;
  // It would not fit an empty window either.
  if (room < 0) return MINUTE_MS;
  if (count <= room) return Math.max(0, Math.ceil(MINUTE_MS * (1 - (room - count) / before)) - elapsedMs) + 1;
  return MINUTE_MS - elapsedMs + Math.ceil(MINUTE_MS * (1 - room / count)) + 1;
}

/** Of all buckets the one with the least room, after this call if it was admitted. Undefined: none limits this. */
export function allowanceOf(
  kind: 'requests' | 'tokens',
  call: CountedCall,
  reading: Reading,
): Allowance | undefined {
  const all = call.buckets.flatMap((bucket, at) => allowance(kind, bucket, reading, at, call) ?? []);
  return all.sort((a, b) => a.remaining - b.remaining)[0];
}

function allowance(
  kind: 'requests' | 'tokens',
  { limit }: Bucket,
  { admitted, counts, elapsedMs }: Reading,
  at: number,
  { tokens, isCounted = false }: Asked,
): Allowance | undefined {
  const most = kind === 'requests' ? limit.requests_per_minute : limit.tokens_per_minute;
  if (!isSet(most)) return undefined;
  const counted = counts[at] as Counts;
  const more = !admitted ? 0 : kind === 'tokens' ? tokens : isCounted ? 0 : 1;
  const before = kind === 'requests' ? counted.requestsBefore : counted.tokensBefore;
  const count = (kind === 'requests' ? counted.requests : counted.tokens) + more;
  const remaining = Math.max(0, Math.floor(most - within(count, before, elapsedMs)));
  return { limit: most, remaining, resetMs: (count > 0 ? 2 : 1) * MINUTE_MS - elapsedMs };
}
