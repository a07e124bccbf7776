import type { AppliedEvent } from '../eventstore/applied-event.js';
import { BEFORE_FIRST, type EventStore, type RecordedEvent } from '../eventstore/event-store.js';
import { PlaceMap } from '../eventstore/place-map.js';
import { EventCursor } from './event-cursor.js';

/** The copy has something that the log has not, or has elsewhere, or otherwise: it cannot become whole. */
export class CopyDiffers extends Error {
  override readonly name = 'CopyDiffers';
}

/** How far a copy goes. */
export interface Alignment {
  /** The place in the log of the last event that the copy has too. */
  readonly after: bigint;
  readonly events: number;
  /** The last of them, in the copy. */
  readonly last: AppliedEvent | undefined;
  /** Where each of them stands in the log, and where in the copy. */
  readonly places: PlaceMap;
}

export interface AlignOptions {
  readonly source: EventStore;
  readonly target: EventStore;
  /** Of a finished copy: where it ends in the target. */
  readonly copyEnd?: bigint | undefined;
  readonly onProgress?: ((events: number) => void) | undefined;
}

/**
 * Walks a log and what there is of its copy side by side and compares every event: id, stream, revision, name, time, data and metadata.
 * @throws CopyDiffers, EventStoreUnavailable
 */
export async function alignLogs(options: AlignOptions): Promise<Alignment> {
  const source = new EventCursor(options.source);
  const target = new EventCursor(options.target, options.copyEnd);
  const places = new PlaceMap();
  let after = BEFORE_FIRST;
  let last: AppliedEvent | undefined;
  try {
    for (let copy = await target.next(); copy; copy = await target.next()) {
      const original = await source.next();
      assertSame(original, copy);
      places.add(original.position, copy.position);
      const { id, stream, revision, position } = copy;
      last = { id, stream, revision, position };
      after = original.position;
      if (places.events % 1_000 === 0) options.onProgress?.(places.events);
    }
    return { after, events: places.events, last, places };
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

function assertSame(
  original: RecordedEvent | undefined,
  copy: RecordedEvent,
): asserts original is RecordedEvent {
  const found = `revision ${copy.revision} of ${copy.stream}, at position ${copy.position} of the copy`;
  if (!original) throw new CopyDiffers(`${found}, is not in the log that it is a copy of`);
  const differing = (Object.keys(parts) as (keyof typeof parts)[]).find(
    (part) => parts[part](original) !== parts[part](copy),
  );
  if (differing === undefined) return;
  throw new CopyDiffers(
    `${found}, differs from revision ${original.revision} of ${original.stream}, at position ${original.position} of the log, in its ${differing}`,
  );
}

const parts = {
  stream: ({ stream }: RecordedEvent) => stream,
  revision: ({ revision }: RecordedEvent) => revision,
  id: ({ id }: RecordedEvent) => id.toLowerCase(),
  type: ({ type }: RecordedEvent) => type,
  time: ({ recordedAt }: RecordedEvent) => recordedAt.getTime(),
  data: ({ data }: RecordedEvent) => JSON.stringify(data),
  metadata: ({ metadata: { copied: _copied, ...metadata } }: RecordedEvent) => JSON.stringify(metadata),
};
