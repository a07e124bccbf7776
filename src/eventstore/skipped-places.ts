import type { RecordedEvent } from './event-store.js';

/** What a person said nothing is to be made of: an event, or a place at which something is missing. */
export interface Skip {
  readonly position: bigint;
  readonly event: Pick<RecordedEvent, 'id' | 'stream' | 'revision'> | null;
}

/** Everything that was skipped. An event is known by its id and its place in its stream, which it keeps when the log is moved; its position it does not. */
export class SkippedPlaces {
  private readonly byStream = new Map<string, Skip[]>();
  private readonly missing = new Set<bigint>();

  constructor(skips: Iterable<Skip> = []) {
    for (const skip of skips) {
      if (!skip.event) {
        this.missing.add(skip.position);
        continue;
      }
      const others = this.byStream.get(skip.event.stream) ?? [];
      this.byStream.set(skip.event.stream, [...others, skip]);
    }
  }

  /** Asked of every event that is read: of most by the name of the stream alone. */
  has(event: Pick<RecordedEvent, 'id' | 'stream' | 'revision'>): boolean {
    if (this.byStream.size === 0) return false;
    const skips = this.byStream.get(event.stream);
    return (
      skips?.some((skip) => skip.event?.revision === event.revision && skip.event.id === event.id) ?? false
    );
  }

  /** Whether nothing need stand at a place. */
  isGivenUp(position: bigint): boolean {
    return this.missing.has(position);
  }
}

export const NOTHING_SKIPPED = new SkippedPlaces();
