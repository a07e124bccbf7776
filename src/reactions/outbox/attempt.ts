import { withDeadline, DeadlinePassed } from '../../support/deadline.js';
import type { Receipt, Receiver } from './receiver.js';
import type { OutboxEntry } from './message.js';

/** Broken off by us, because the process ends: nobody is to blame, and it does not count. */
export interface BrokenOff {
  readonly kind: 'broken-off';
}

/** One message being sent. */
export interface Attempt {
  /** Never rejects, and resolves in time whatever the receiver does. */
  readonly ended: Promise<Receipt | BrokenOff>;
  breakOff(): void;
}

/** Hands a message to its receiver, within a deadline. A receiver that goes on all the same is not waited for. */
export function beginAttempt(receiver: Receiver, entry: OutboxEntry, deadlineMs: number): Attempt {
  const abort = new AbortController();
  let breakOff: () => void = () => undefined;
  const broken = new Promise<BrokenOff>((resolve) => {
    breakOff = () => {
      resolve({ kind: 'broken-off' });
      abort.abort();
    };
  });
  const sending = Promise.resolve().then(() => receiver.send(entry, abort.signal));
  const receipt = withDeadline(sending, deadlineMs, () => abort.abort()).catch((error: unknown): Receipt => ({
    kind: 'retry',
    reason: nameOf(error),
  }));
  return { ended: Promise.race([receipt, broken]), breakOff };
}

/** Whoever had it last died each time before it could say how that ended: perhaps because of it. */
export const exhausted = (attempts: number): Attempt => ({
  ended: Promise.resolve({ kind: 'rejected', reason: `none of ${attempts} attempts came to an end` }),
  breakOff: () => undefined,
});

/** Of an error its name alone is kept: its text may hold what must not be. */
const nameOf = (error: unknown): string =>
  error instanceof DeadlinePassed
    ? 'no answer in time'
    : error instanceof Error
      ? error.name
      : 'an unknown fault';
