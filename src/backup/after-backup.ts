import { createHash } from 'node:crypto';
import type { EventStore } from '../eventstore/event-store.js';
import { BEFORE_FIRST } from '../eventstore/event-store.js';
import { readLog } from '../eventstore/read-log.js';

/** What a log has behind a place: what would be lost if only the backup were left. */
export interface AfterBackup {
  readonly events: number;
  /** Number of events of each stored name, the most first. */
  readonly types: Readonly<Record<string, number>>;
  /** When the first and the last of them were recorded. */
  readonly from: Date | undefined;
  readonly to: Date | undefined;
}

/** @throws EventStoreUnavailable */
export async function eventsAfter(store: EventStore, position: bigint): Promise<AfterBackup> {
  const counts = new Map<string, number>();
  let [events, from, to]: [number, Date | undefined, Date | undefined] = [0, undefined, undefined];
  for await (const page of readLog(store, { after: position }))
    for (const { type, recordedAt } of page.events) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
      events += 1;
      from ??= recordedAt;
      to = recordedAt;
    }
  const types = Object.fromEntries([...counts].sort(([, one], [, other]) => other - one));
  return { events, types, from, to };
}

/**
 * What the first so many events of a log say, when, and where in their streams: equal for two logs that are one, whatever their positions.
 * @throws EventStoreUnavailable
 */
export async function digestOfLog(store: EventStore, events: number): Promise<string> {
  const sum = createHash('sha256');
  let left = events;
  for await (const page of readLog(store, { after: BEFORE_FIRST, withPassedOver: true })) {
    // As in a backup: what a person skipped is part of the log, and what others wrote is not.
    const own = page.events.filter(({ passedOver }) => passedOver !== 'foreign').slice(0, left);
    for (const { stream, revision, id, type, recordedAt, data, metadata } of own)
      sum.update(
        `${JSON.stringify([stream, revision.toString(), id, type, recordedAt.getTime(), data, metadata])}\n`,
      );
    left -= own.length;
    if (left === 0) break;
  }
  if (left > 0) throw new Error(`the log has ${events - left} events, fewer than ${events}`);
  return sum.digest('hex');
}
