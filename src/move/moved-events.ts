import { isOwnStream, logStream } from '../domain/streams.js';
import type { EventStore, RecordedEvent } from '../eventstore/event-store.js';
import { type TextEvent, textEventOf } from '../eventstore/text-event.js';
import { WholePage } from './whole-source.js';

/**
 * Whether an event goes along when a log is moved: all of the ledger's own do, also those that were skipped. What others wrote beside them
 * is theirs, and what the log says of itself is of that log alone.
 */
export const isMoved = ({ stream, type }: Pick<RecordedEvent, 'stream' | 'type'>): boolean =>
  stream !== logStream && isOwnStream(stream) && !type.startsWith('$');

interface MovedPage {
  readonly events: readonly TextEvent[];
  /** Everything up to here was looked at. */
  readonly position: bigint;
  readonly atEnd: boolean;
}

/** As in readLog. */
const EVENTS_A_PAGE = 2_000;

/**
 * The events of a log that go along when it is moved, page by page, the next one under way while the caller works on one.
 * @param given places at which nothing need stand
 * @throws EventStoreUnavailable, SourceNotWhole
 */
export async function* readMoved(
  store: Pick<EventStore, 'readAll' | 'positions'>,
  after: bigint,
  given: ReadonlySet<bigint> = new Set(),
): AsyncGenerator<MovedPage> {
  const ask = (from: bigint): Promise<MovedPage> => {
    const page = readPage(store, from, given);
    // Who is not interested in the rest leaves this one unasked for.
    page.catch(() => undefined);
    return page;
  };
  for (let next = ask(after); ;) {
    const page = await next;
    if (page.atEnd) return void (yield page);
    next = ask(page.position);
    yield page;
  }
}

/** What it says is neither parsed nor made text again: both logs have it as that, and it is taken out of what came once. */
async function readPage(
  store: Pick<EventStore, 'readAll' | 'positions'>,
  after: bigint,
  given: ReadonlySet<bigint>,
): Promise<MovedPage> {
  const events: TextEvent[] = [];
  const whole = new WholePage(after, store.positions, given);
  const onEvent = (event: RecordedEvent): void => {
    const moved = !whole.fault && isMoved(event) ? textEventOf(event) : undefined;
    if (whole.takes(moved ?? event) && moved) events.push(moved);
  };
  const { position, atEnd } = await store.readAll({ after, limit: EVENTS_A_PAGE, onEvent });
  if (whole.fault) throw whole.fault;
  return { events, position, atEnd };
}
