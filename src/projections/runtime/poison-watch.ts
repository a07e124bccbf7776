import { setTimeout as wait } from 'node:timers/promises';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.js';
import type { Poison } from './faults.js';

/** A person decides about an event that cannot be projected: nothing is gained by looking more often. */
const LOOK_EVERY_MS = 1_000;
const EVENTS_A_PAGE = 100;

/**
 * Waits until the event that stopped somebody is none of the ledger any more, because a person has skipped it. Answers false when `signal`
 * comes first.
 *
 * @param after a place before the event that there is in the log
 */
export async function isGone(
  store: Pick<EventStore, 'readAll'>,
  { poison, after }: { readonly poison: Poison; readonly after: bigint },
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return false;
    if (!(await stands(store, poison.position, after))) return true;
  }
}

async function stands(store: Pick<EventStore, 'readAll'>, position: bigint, after: bigint): Promise<boolean> {
  let found = false;
  const onEvent = (event: RecordedEvent): void => void (found ||= event.position === position);
  try {
    for (let next = after; next < position;) {
      const page = await store.readAll({ after: next, limit: EVENTS_A_PAGE, onEvent });
      if (page.atEnd) break;
      next = page.position;
    }
  } catch {
    // Nobody knows while the log is away.
    return true;
  }
  return found;
}
