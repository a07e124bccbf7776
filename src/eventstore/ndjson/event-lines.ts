import type { EventStore, RecordedEvent } from '../event-store.js';
import { decodeEventLine, encodeEventLine, UnreadableLine } from './event-line.js';

/** Lines of a page; as many as are made while the next page is on its way. */
const EVENTS_A_PAGE = 2_000;

/** Consecutive events of a log, each a line. */
export interface EventLines {
  readonly text: string;
  readonly events: number;
  /** The last one; never missing, since a page without events is left out. */
  readonly last: Pick<RecordedEvent, 'position' | 'stream' | 'revision' | 'id' | 'recordedAt'>;
}

/**
 * The log as lines, page by page, from behind `after` to `until` (inclusive): what is appended meanwhile is left for the next time.
 * @throws EventStoreUnavailable, WrongLog
 */
export async function* readEventLines(
  store: Pick<EventStore, 'readAll'>,
  { after, until }: { readonly after: bigint; readonly until: bigint },
): AsyncGenerator<EventLines> {
  for (let next = after; next < until;) {
    const page = new LinesOfPage(until);
    const { position, atEnd } = await store.readAll({
      after: next,
      limit: EVENTS_A_PAGE,
      withPassedOver: true,
      onEvent: (event) => page.add(event),
    });
    if (page.last) yield { text: page.text, events: page.events, last: page.last };
    if (atEnd) return;
    next = position;
  }
}

class LinesOfPage {
  text = '';
  events = 0;
  last: EventLines['last'] | undefined;

  constructor(private readonly until: bigint) {}

  /** Takes what it needs at once: the event may be gone afterwards. */
  add(event: RecordedEvent): void {
    const { position, stream, revision, id, recordedAt } = event;
    // What a person skipped is part of the log, and what others wrote is not.
    if (position > this.until || event.passedOver === 'foreign') return;
    this.text += encodeEventLine(event);
    this.events += 1;
    this.last = { position, stream, revision, id, recordedAt };
  }
}

const NEWLINE = 0x0a;
/** No event and no row of a table is longer: a line without an end would take all memory. */
const LONGEST_LINE_BYTES = 64 * 1024 * 1024;

/**
 * The lines of a text that comes in pieces of bytes, cut wherever. Lines end with a newline alone.
 * @throws UnreadableLine when the last one does not, or one is longer than any that is written
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of bytes) {
    const data = Buffer.from(piece);
    let from = 0;
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, from)) {
      const last = data.subarray(from, end);
      yield (length === 0 ? last : Buffer.concat([...pieces, last])).toString('utf8');
      [pieces, length] = [[], 0];
      from = end + 1;
    }
    const rest = data.subarray(from);
    if (rest.length === 0) continue;
    pieces.push(rest);
    length += rest.length;
    if (length > LONGEST_LINE_BYTES) throw new UnreadableLine('a line has no end');
  }
  if (length > 0) throw new UnreadableLine('the last line is cut off');
}

/** The events of such lines, in their order. @throws UnreadableLine */
export async function* readEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<RecordedEvent> {
  for await (const line of readLines(bytes)) yield decodeEventLine(line);
}
