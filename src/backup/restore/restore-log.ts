import { z } from 'zod';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.js';
import { UnreadableLine } from '../../eventstore/ndjson/event-line.js';
import { readEvents } from '../../eventstore/ndjson/event-lines.js';
import { PlaceMap } from '../../eventstore/place-map.js';
import type { WholeBackup } from '../folder/check-backup.js';
import { readPacked } from '../folder/packed-file.js';
import { NotWhole } from '../manifest.js';

/** The log cannot take a whole history with its times. */
export class CannotFill extends Error {
  override readonly name = 'CannotFill';
}

export interface RestoredLog {
  readonly places: PlaceMap;
  /** The highest numbers that any event names; 0 where none does. */
  readonly userId: number;
  readonly tokenId: number;
}

/**
 * Fills an empty log with that of the backup, all of it or nothing: ids, order, revisions and times are those it had.
 * @throws NotWhole, CannotUnseal, CannotFill, EventStoreUnavailable
 */
export async function restoreLog(
  store: Pick<EventStore, 'fill'>,
  backup: WholeBackup,
  onEvents?: (events: number) => void,
): Promise<RestoredLog> {
  if (!store.fill)
    throw new CannotFill(
      'this log takes no history with its own times: restore into PostgreSQL (without EVENTSTORE_URL), then move the log',
    );
  const { log } = backup.manifest;
  const found = new Found();
  await store.fill(eventsOf(backup, found, onEvents));
  if (found.places.events !== log.events || found.last?.id !== log.last.id)
    throw new Error('the log took other events than the backup has');
  return found;
}

/** Each is looked at on its way. */
class Found implements RestoredLog {
  readonly places = new PlaceMap();
  userId = 0;
  tokenId = 0;
  last: Pick<RecordedEvent, 'id' | 'position'> | undefined;

  add(event: RecordedEvent): void {
    const { id, position, data } = event;
    if (this.last && position <= this.last.position)
      throw new NotWhole(`the event ${id} does not stand behind the one before it`);
    this.last = { id, position };
    // A log that is filled counts from 0 without gaps.
    this.places.add(position, BigInt(this.places.events));
    const numbers = numbersOf.safeParse(data).data;
    this.userId = Math.max(this.userId, numbers?.user_id ?? 0);
    this.tokenId = Math.max(this.tokenId, numbers?.token_id ?? 0);
  }
}

/** Whatever event names them, in whatever version: numbers that were given. */
const numbersOf = z.object({ user_id: z.int().min(0).optional(), token_id: z.int().min(0).optional() });

/** The events of a backup in the order of their log. @throws NotWhole, CannotUnseal */
export const readBackupLog = (backup: WholeBackup): AsyncGenerator<RecordedEvent> =>
  eventsOf(backup, new Found());

async function* eventsOf(
  { folder, key, manifest }: WholeBackup,
  found: Found,
  onEvents?: (events: number) => void,
): AsyncGenerator<RecordedEvent> {
  for (const part of manifest.log.parts) {
    let events = 0;
    try {
      for await (const event of readEvents(readPacked(folder, part, key))) {
        events += 1;
        // Before the file is at its end, which tells that it is another one: it may have no end.
        if (events > part.events) break;
        found.add(event);
        if (events % 256 === 0) onEvents?.(found.places.events);
        yield event;
      }
    } catch (error) {
      if (error instanceof UnreadableLine)
        throw new NotWhole(`${part.file}: ${error.message}`, { cause: error });
      throw error;
    }
    if (events !== part.events || found.last?.position !== part.until)
      throw new NotWhole(`${part.file} has other events than the manifest says`);
  }
}
