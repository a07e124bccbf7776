import { typeOfStored } from '../../domain/events/versions.js';
import type { EventStore, LogQuery, RecordedEvent } from '../../eventstore/event-store.js';
import { decodeRecorded } from '../../projections/runtime/decode-event.js';
import { faultOfEvents, type Poison, poison } from '../../projections/runtime/faults.js';
import type { Place, WholeEvent } from '../../projections/runtime/projection.js';

/** An event that somebody reacts to, or the reason why it cannot be read. `type`: without its version. */
export interface HandledEvent {
  readonly type: string;
  readonly position: bigint;
  readonly read: { readonly event: WholeEvent } | { readonly poison: Poison };
}

/** A page of the log, of which only what somebody reacts to was decoded. */
export interface HandledPage {
  readonly events: readonly HandledEvent[];
  /** Everything up to here was looked at; `last` is the last event there. */
  readonly position: bigint;
  readonly last: Place | undefined;
  readonly atEnd: boolean;
}

/**
 * Most events are charges, and nobody reacts to them: they are gone past by their names, by the log itself where it can (`without`).
 * @throws EventStoreUnavailable
 */
export async function readHandled(
  store: Pick<EventStore, 'readAll'>,
  range: Pick<LogQuery, 'after' | 'limit' | 'without'>,
  handles: ReadonlySet<string>,
): Promise<HandledPage> {
  const events: HandledEvent[] = [];
  let last: Place | undefined;
  const onEvent = (recorded: RecordedEvent): void => {
    last = placeOf(recorded);
    const type = typeWithoutVersion(recorded.type);
    if (handles.has(type)) events.push({ type, position: recorded.position, read: read(recorded) });
  };
  const { position, atEnd } = await store.readAll({ ...range, onEvent });
  return { events, position, last, atEnd };
}

function read(recorded: RecordedEvent): HandledEvent['read'] {
  try {
    return { event: decodeRecorded(recorded) };
  } catch (error) {
    return { poison: poison(recorded, faultOfEvents(error) ?? 'it cannot be decoded') };
  }
}

/** All of it, at once: the event may be gone when its listener returns. */
const placeOf = ({ id, stream, revision, position, recordedAt }: RecordedEvent): Place => ({
  id,
  stream,
  revision,
  position,
  recordedAt,
});

const types = new Map<string, string>();

/** What this program calls the event, also one of a version that it does not know: that must not be gone past. */
function typeWithoutVersion(stored: string): string {
  let type = types.get(stored);
  if (type === undefined) {
    type = typeOfStored(stored) ?? stored.replace(/\.v\d+$/, '');
    if (types.size < 1_000) types.set(stored, type);
  }
  return type;
}
