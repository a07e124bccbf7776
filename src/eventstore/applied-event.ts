import type { EventStore, RecordedEvent } from './event-store.js';
import { ACCEPT_OLDER, WrongLog } from './wrong-log.js';

/** An event that somebody has applied last, to tables or by a reaction: it must be where it was. */
export type AppliedEvent = Pick<RecordedEvent, 'id' | 'stream' | 'revision' | 'position'>;

/** What somebody knows of a log: how far it went, and the last event that was seen in it. */
export interface SeenLog {
  readonly position?: bigint | undefined;
  readonly last?: AppliedEvent | undefined;
}

/** The event where this log has it, at whatever position; undefined where it has not. @throws EventStoreUnavailable */
export async function whereIs(
  log: Pick<EventStore, 'readStream'>,
  { id, stream, revision }: AppliedEvent,
): Promise<AppliedEvent | undefined> {
  const [found] = await log.readStream(stream, { from: revision, limit: 1 });
  if (found?.id !== id || found.revision !== revision) return undefined;
  return { id, stream, revision, position: found.position };
}

/** @throws EventStoreUnavailable */
export const isInPlace = async (log: Pick<EventStore, 'readStream'>, event: AppliedEvent): Promise<boolean> =>
  (await whereIs(log, event))?.position === event.position;

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
