import type { StoredEvent } from './log.js';

/** `$tb` of a stream that was deleted: nothing before it is kept, and everything is before it. */
export const DELETED = 2n ** 63n - 1n;

/** What a stream's metadata says about which of its events are shown. */
export interface Retention {
  readonly truncateBefore: bigint;
  readonly maxCount: number | undefined;
  readonly maxAgeSeconds: number | undefined;
}

/** As the last event of `$$<stream>` has it. The number of a deletion is larger than a double can say. */
export function retentionOf(metadata: readonly StoredEvent[] | undefined): Retention {
  const text = Buffer.from(metadata?.at(-1)?.data ?? '{}').toString();
  const [, before = '0'] = /"\$tb"\s*:\s*(\d+)/.exec(text) ?? [];
  const parsed = JSON.parse(text) as { $maxCount?: number; $maxAge?: number };
  return { truncateBefore: BigInt(before), maxCount: parsed.$maxCount, maxAgeSeconds: parsed.$maxAge };
}

/** The events that a read of the stream shows. */
export function shown(
  events: readonly StoredEvent[],
  { truncateBefore, maxCount, maxAgeSeconds }: Retention,
): readonly StoredEvent[] {
  if (truncateBefore === 0n && maxCount === undefined && maxAgeSeconds === undefined) return events;
  const last = events.at(-1)?.revision ?? -1n;
  const first = maxCount === undefined ? 0n : last - BigInt(maxCount) + 1n;
  const oldestMs = maxAgeSeconds === undefined ? -Infinity : Date.now() - maxAgeSeconds * 1000;
  return events.filter(
    ({ revision, createdAtMs }) => revision >= truncateBefore && revision >= first && createdAtMs >= oldestMs,
  );
}
