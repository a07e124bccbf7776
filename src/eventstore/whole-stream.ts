import type { EventStore, RecordedEvent } from './event-store.js';
import { altered } from './wrong-log.js';

export type StreamQuery = Parameters<EventStore['readStream']>[1];

/**
 * A stream's revisions follow one another, and a read begins where it was asked to: else events were taken away (by a limit on age or
 * number, a deletion, a tool).
 * @throws WrongLog
 */
export function assertWhole(
  stream: string,
  events: readonly RecordedEvent[],
  { from, direction = 'forwards', limit }: StreamQuery,
): void {
  const [first] = events;
  const last = events.at(-1);
  if (!first || !last) return;
  const forwards = direction === 'forwards';
  const step = forwards ? 1n : -1n;
  const gap = events.findIndex(({ revision }, index) => revision !== first.revision + step * BigInt(index));
  if (gap > 0) throw altered(stream, `revision ${first.revision + step * BigInt(gap)} is missing`);
  if (forwards && first.revision !== (from ?? 0n))
    throw altered(stream, `it begins with revision ${first.revision} instead of ${from ?? 0n}`);
  // Backwards a page that is not full goes to the very beginning.
  if (!forwards && events.length < limit && last.revision !== 0n)
    throw altered(stream, `what is before revision ${last.revision} is missing`);
}
