import type { AppendOutcome, EventStore, StreamWrite } from '../../eventstore/event-store.js';
import { type Backoff, pauseMs } from '../../support/backoff.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerUnavailable } from './command.js';

export type KnownOutcome = Extract<AppendOutcome, { outcome: 'appended' | 'conflict' }>;

export interface Patience {
  readonly backoff: Backoff;
  /** By the clock of `now` (milliseconds): the last try begins there, and a doubt is not given up before. */
  readonly deadlineMs: number;
  readonly now: () => number;
  /** Tries at an append that certainly did not happen, before the first whose outcome is unknown. */
  readonly unavailableAttempts: number;
  /** Gives up when the store is away though an earlier try is in doubt: for who keeps what is to be written elsewhere, and sends it again. */
  readonly leavesDoubt?: boolean;
}

/**
 * The same ids at the same revisions, again and again, until the store says what became of them: deciding anew after a lost
 * acknowledgement could do a thing twice.
 *
 * @throws LedgerUnavailable when that is not known in time: the same events may be sent again at will
 */
export async function appendUntilKnown(
  store: Pick<EventStore, 'append'>,
  writes: readonly StreamWrite[],
  { backoff, deadlineMs, now, unavailableAttempts, leavesDoubt = false }: Patience,
): Promise<KnownOutcome> {
  let inDoubt = false;
  for (let attempt = 1; ; attempt++) {
    const outcome = await store.append(writes);
    if (outcome.outcome === 'appended' || outcome.outcome === 'conflict') return outcome;
    const away = outcome.outcome === 'unavailable';
    inDoubt ||= !away;
    const givesUp = away && (leavesDoubt || !inDoubt) && attempt >= unavailableAttempts;
    const delayMs = pauseMs(backoff, attempt);
    const leftMs = deadlineMs - now();
    if (givesUp || leftMs < 0)
      throw new LedgerUnavailable(`the event store ${away ? 'cannot be reached' : 'does not answer'}`, {
        cause: outcome.cause,
      });
    await sleep(Math.min(delayMs, leftMs));
  }
}
