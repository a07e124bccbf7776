import { EventStoreUnavailable, type RecordedEvent } from './event-store.js';

/**
 * Why a log is not the one that is looked for.
 *
 * - `another-kind`: this ledger's log is kept elsewhere.
 * - `not-founded`: nothing in it says whose it is, though this ledger has had a log: it is empty, or somebody else's.
 * - `another-ledger`: it says that it is another ledger's.
 * - `older`: it lacks what was seen in it: it was put back to an earlier copy, or its end was cut off.
 * - `another-generation`: an older copy was accepted, and one of the two does not know of it.
 * - `altered`: what was in it is gone or elsewhere.
 * - `not-sealed`: it does not say from where on it is sealed, though it must.
 * - `moved`: the ledger has another log now, of which this one is the former.
 * - `unfinished-copy`: it is to become a copy of the ledger's log, and is not whole.
 * - `another-database`: it is the database, rather than the log, that is another one.
 * - `another-clock`: the log may be the right one; this process cannot say rightly when it writes.
 */
export type WrongLogReason =
  | 'another-kind'
  | 'not-founded'
  | 'another-ledger'
  | 'older'
  | 'another-generation'
  | 'altered'
  | 'not-sealed'
  | 'moved'
  | 'unfinished-copy'
  | 'another-database'
  | 'another-clock';

/**
 * The log is not this ledger's, or not as it was: nothing may be read from it or appended to it. As good as away, so that whoever waits
 * for the log waits for the right one. The message says what was expected, what was found and what to do, without hosts and secrets.
 */
export class WrongLog extends EventStoreUnavailable {
  override readonly name = 'WrongLog';

  constructor(
    readonly reason: WrongLogReason,
    message: string,
  ) {
    super(message);
  }
}

/** Of a process whose time of day is not to be relied on. `fault`: a sentence without its end. */
export const anotherClock = (fault: string): WrongLog =>
  new WrongLog(
    'another-clock',
    `${fault}: what is written now would be dated wrongly, and would look like something that was put into the log later. Nothing is written until the two agree: set the clock of whichever machine is wrong (NTP); then all goes on by itself.`,
  );

/** What to do about an older log, in words. */
export const ACCEPT_OLDER =
  'Bring the newer log back. Where the older copy is meant to be the log from now on: counterfoil log accept, then counterfoil rebuild all --accept (docs/operators.md, "Which log").';

/** The WrongLog among the causes of an error. */
export function wrongLogIn(error: unknown): WrongLog | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof WrongLog) return cause;
  return undefined;
}

/** What is not as it was within the log. `found`: a sentence without its end. */
export const altered = (stream: string, found: string): WrongLog =>
  new WrongLog(
    'altered',
    `the log is not as it was: expected every event of ${stream} in its place; found that ${found}: events were taken away, by a deletion, a limit on the stream ($maxCount, $maxAge, $tb) or a tool. ${LOOK}`,
  );

/** Places of a log without gaps at which nothing stands. */
export const missingPlaces = (first: bigint, count: bigint): WrongLog =>
  new WrongLog(
    'altered',
    `the log is not as it was: expected an event at every position; found none at position ${first}${count > 1n ? ` and at ${count - 1n} more` : ''}: rows were deleted. ${LOOK}`,
  );

/** An event that the service did not write as it stands there. `found`: a sentence without its end. */
export const notSealed = (
  { stream, revision, position, type }: Pick<RecordedEvent, 'stream' | 'revision' | 'position' | 'type'>,
  found: string,
): WrongLog =>
  new WrongLog(
    'altered',
    `the log is not as it was: expected an event that this ledger sealed at position ${position} (${type} at revision ${revision} of ${stream}); found that ${found}: it was not written by the service, or was changed since. Nothing is written until a person has looked: put back what was there, or restore the log, or say that nothing is to be made of it (counterfoil poison skip), then start again (docs/operators.md, "An event that is not sealed").`,
  );

const LOOK =
  'Nothing is written until a person has looked: undo what was done, or restore the log, then start again (docs/operators.md, "Which log").';
