import type { EventType } from '../../../domain/events/catalogue.js';
import type { EventStore } from '../../../eventstore/event-store.js';
import { decodeRecorded } from '../../../projections/runtime/decode-event.js';
import { isOneOf, type WholeEvent, type WholeEventOf } from '../../../projections/runtime/projection.js';
import { BooksDisagree } from '../faults.js';
import type { HistoryRow } from '../tables.js';

/** Where in the log it is written. */
export interface PlaceView {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly event_id: string;
  readonly recorded_at: string;
}

export const placeOf = ({ position, stream, revision, id, recordedAt }: WholeEvent): PlaceView => ({
  position,
  stream,
  revision,
  event_id: id,
  recorded_at: recordedAt.toISOString(),
});

/** `quota at position 12, revision 3 of usage-…`: what a difference is told of. */
export const at = (event: WholeEvent, what: string): string =>
  `${what} at position ${event.position}, revision ${event.revision} of ${event.stream}`;

/** The event behind a row of the history, from the log itself. @throws BooksDisagree when another one is there, UnreadableEvent */
export async function eventOf(store: EventStore, row: HistoryRow): Promise<WholeEvent> {
  const [recorded] = await store.readStream(row.stream, { from: row.revision, limit: 1 });
  if (recorded?.position !== row.position) {
    throw new BooksDisagree([
      {
        what: `the event at revision ${row.revision} of ${row.stream}`,
        recorded: `position ${row.position}`,
        recomputed: recorded ? `position ${recorded.position}` : 'none',
      },
    ]);
  }
  return decodeRecorded(recorded);
}

/** Those events of a stream that are of the types, oldest first, up to a position. */
export async function eventsOf<Type extends EventType>(
  store: EventStore,
  stream: string,
  until: bigint,
  ...types: readonly Type[]
): Promise<readonly WholeEventOf<Type>[]> {
  const found: WholeEventOf<Type>[] = [];
  const limit = 500;
  for (let from = 0n; ; from += BigInt(limit)) {
    const page = await store.readStream(stream, { from, limit });
    for (const recorded of page) {
      if (recorded.passedOver) continue;
      const event = decodeRecorded(recorded);
      if (event.position <= until && isOneOf(event, ...types)) found.push(event);
    }
    if (page.length < limit) return found;
  }
}
