import type { EventStore, RecordedEvent } from '../../eventstore/event-store.js';
import type { BatchWithRejects } from './apply-batch.js';
import { decodeForTables } from './decode-event.js';
import { faultOfEvents, type Poison, poison } from './faults.js';
import type { LedgerEvent } from './projection.js';

export interface DecodedPage {
  readonly batch: BatchWithRejects;
  /** The event before which the batch ends: it cannot be read. */
  readonly poison: Poison | undefined;
  /** That so many were asked for and came: there may be more. */
  readonly full: boolean;
  readonly atEnd: boolean;
}

export interface DecodedRange {
  /** Exclusive. */
  readonly after: bigint;
  readonly limit: number;
  /** What lies behind it is left out. Default: the end of the log. */
  readonly until?: bigint;
  /** What an unreadable event does: it ends the batch, or is among the batch's rejects. */
  readonly onUnreadable: 'stop' | 'quarantine';
}

/**
 * A page of the log as a batch. Events are decoded as they come, so that their texts need not be kept: half the time of decoding the
 * page once it is there.
 *
 * @throws EventStoreUnavailable
 */
export async function readDecodedPage(store: EventStore, range: DecodedRange): Promise<DecodedPage> {
  const { after, limit, until, onUnreadable } = range;
  const events: LedgerEvent[] = [];
  const rejects: Poison[] = [];
  let found: Poison | undefined;
  let count = 0;
  const onEvent = (recorded: RecordedEvent): void => {
    count += 1;
    if (found || (until !== undefined && recorded.position > until)) return;
    try {
      events.push(decodeForTables(recorded));
    } catch (error) {
      const unreadable = poison(recorded, faultOfEvents(error) ?? 'it cannot be decoded');
      if (onUnreadable === 'stop') found = unreadable;
      else rejects.push(unreadable);
    }
  };
  const { position, atEnd } = await store.readAll({ after, limit, onEvent });
  const full = count >= limit;
  if (found)
    return {
      batch: { after, position: events.at(-1)?.position ?? after, events },
      poison: found,
      full,
      atEnd,
    };
  const end = until !== undefined && (position > until || atEnd) ? until : position;
  return { batch: { after, position: end, events, rejects }, poison: undefined, full, atEnd };
}

/** Pages one after the other, the next one under way while the caller works on one. After one with a poison event there is none. */
export async function* readDecoded(store: EventStore, range: DecodedRange): AsyncGenerator<DecodedPage> {
  for (let next = ahead(store, range); ;) {
    const page = await next;
    const { position } = page.batch;
    if (page.poison || page.atEnd || (range.until !== undefined && position >= range.until)) {
      yield page;
      return;
    }
    next = ahead(store, { ...range, after: position });
    yield page;
  }
}

/** A page that is read before anybody waits for it. */
export function ahead(store: EventStore, range: DecodedRange): Promise<DecodedPage> {
  const page = readDecodedPage(store, range);
  // Who is not interested in it any more leaves it unasked for.
  page.catch(() => undefined);
  return page;
}
