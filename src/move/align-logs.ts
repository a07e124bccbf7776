import type { AppliedEvent } from '../eventstore/applied-event.js';
import { BEFORE_FIRST, type EventStore } from '../eventstore/event-store.js';
import { ownMetadata } from '../eventstore/original-times.js';
import { PlaceMap } from '../eventstore/place-map.js';
import type { TextEvent } from '../eventstore/text-event.js';
import { EventCursor } from './event-cursor.js';
import { givenUpPlaces, WholeSource } from './whole-source.js';

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
  /** What was seen of the log: whoever goes on from there gives it the rest. */
  readonly whole: WholeSource;
  /** Places of the log at which nothing need stand. */
  readonly given: ReadonlySet<bigint>;
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
 * @throws CopyDiffers, SourceNotWhole, EventStoreUnavailable
 */
export async function alignLogs(options: AlignOptions): Promise<Alignment> {
  const given = await givenUpPlaces(options.source);
  const whole = new WholeSource(given.size > 0);
  const source = new EventCursor(options.source, { given });
  const target = new EventCursor(options.target, { before: options.copyEnd });
  const places = new PlaceMap();
  let after = BEFORE_FIRST;
  let last: TextEvent | undefined;
  try {
    for (;;) {
      if (!target.isReady) await target.load();
      const copy = target.take();
      if (!copy) break;
      if (!source.isReady) await source.load();
      const original = source.take();
      if (original) whole.apply(original);
      assertSame(original, copy);
      places.add(original.position, copy.position);
      last = copy;
      after = original.position;
      if (places.events % 1_000 === 0) options.onProgress?.(places.events);
    }
    return { after, events: places.events, last: last && placeOf(last), places, whole, given };
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

const placeOf = ({ id, stream, revision, position }: TextEvent): AppliedEvent => ({
  id,
  stream,
  revision,
  position,
});

function assertSame(original: TextEvent | undefined, copy: TextEvent): asserts original is TextEvent {
  const differing = original && PARTS.find((part) => !isSame(part, original, copy));
  if (original && differing === undefined) return;
  const found = `revision ${copy.revision} of ${copy.stream}, at position ${copy.position} of the copy`;
  if (!original) throw new CopyDiffers(`${found}, is not in the log that it is a copy of`);
  throw new CopyDiffers(
    `${found}, differs from revision ${original.revision} of ${original.stream}, at position ${original.position} of the log, in its ${differing}`,
  );
}

const parts = {
  stream: ({ stream }: TextEvent) => stream,
  revision: ({ revision }: TextEvent) => revision,
  id: ({ id }: TextEvent) => id.toLowerCase(),
  type: ({ type }: TextEvent) => type,
  time: ({ recordedAt }: TextEvent) => recordedAt.getTime(),
  data: ({ dataText }: TextEvent) => dataText,
  metadata: ownMetadata,
};

const PARTS = Object.keys(parts) as (keyof typeof parts)[];

function isSame(part: keyof typeof parts, original: TextEvent, copy: TextEvent): boolean {
  const [one, other] = [parts[part](original), parts[part](copy)];
  // Whoever began the copy may have written the same JSON as another text.
  const isText = part === 'data' || part === 'metadata';
  return one === other || (isText && asWritten(one as string) === asWritten(other as string));
}

const asWritten = (text: string): string => JSON.stringify(JSON.parse(text));
