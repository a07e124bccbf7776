import type { EventStore, RecordedEvent } from './event-store.js';
import { ACCEPT_OLDER, WrongLog } from './wrong-log.js';

/** An event that somebody has applied last, to tables or by a reaction: it must be where it was. */
export type AppliedEvent = Pick<RecordedEvent, 'id' | 'stream' | 'revision' | 'position'>;

/** @throws EventStoreUnavailable */
export async function isInPlace(
  log: Pick<EventStore, 'readStream'>,
  { id, stream, revision, position }: AppliedEvent,
): Promise<boolean> {
  const [found] = await log.readStream(stream, { from: revision, limit: 1 });
  return found?.id === id && found.revision === revision && found.position === position;
}

/**
 * Refuses a log that tables, or what else was made of it, do not belong to. Who has applied nothing yet knows nothing against it.
 *
 * @throws WrongLog, EventStoreUnavailable
 */
export async function assertApplied(
  log: Pick<EventStore, 'readStream'>,
  applied: readonly (AppliedEvent | undefined)[],
): Promise<void> {
  for (const event of applied) {
    if (!event || (await isInPlace(log, event))) continue;
    const { stream, revision, position } = event;
    throw new WrongLog(
      'older',
      `expected the event that was applied last, revision ${revision} of ${stream} at position ${position}; found that it is not there: the log was put back to an older copy, or is another one. ${ACCEPT_OLDER}`,
    );
  }
}
