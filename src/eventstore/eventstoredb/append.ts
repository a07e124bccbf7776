import { BEFORE_FIRST, type AppendOutcome, type StreamWrite } from '../event-store.js';
import { DeadlinePassed } from '../../support/deadline.js';
import { altered, wrongLogIn } from '../wrong-log.js';
import type { EventText } from '../limits.js';
import type { Caller } from './connection.js';
import { conflictIn, failureOf, isStreamDeleted, isTimeoutOfServer, toError } from './failures.js';
import type { Stored } from './wire/append-line.js';

/** One write and the texts of its events, which were made to be measured. */
interface Written {
  readonly write: StreamWrite;
  readonly texts: readonly EventText[];
}

/**
 * One message to the server for each write, in order, until one is not appended.
 *
 * @param texts of the events of all writes, in order
 * @param deadlineMs of all writes together
 */
export async function appendInOrder(
  connection: Caller,
  writes: readonly StreamWrite[],
  texts: readonly EventText[],
  deadlineMs: number,
): Promise<AppendOutcome> {
  const until = performance.now() + deadlineMs;
  const revisions: bigint[] = [];
  let position = BEFORE_FIRST;
  let first = 0;
  for (const write of writes) {
    const its = texts.slice(first, (first += write.events.length));
    try {
      const written = await appendOne(connection, { write, texts: its }, until);
      position = written > position ? written : position;
      revisions.push(lastRevisionOf(write));
    } catch (error) {
      return failedOutcome(error, write, revisions.length > 0);
    }
  }
  return { outcome: 'appended', position, revisions };
}

/** Position of the last event of the write. */
async function appendOne(connection: Caller, written: Written, until: number): Promise<bigint> {
  const { write } = written;
  const { position, revision } = await answered(connection, written, until);
  if (position !== undefined && revision === lastRevisionOf(write)) return position;
  try {
    return await positionOf(connection, write, { revision, until });
  } catch (cause) {
    if (wrongLogIn(cause)) throw cause;
    // Another error than the cause, which may say that nothing was sent: the events are stored.
    throw new Error('stored, but its position could not be read', { cause });
  }
}

/** Less is not worth another attempt. */
const LEAST_ATTEMPT_MS = 100;

/**
 * Of the time that there is, what the first attempt may take: a server that stops leaves part of the calls under way unanswered, and the
 * next one answers within milliseconds.
 */
export const SHARE_OF_THE_FIRST = 0.5;

/**
 * Made again at once when the server itself gave up, or did not answer in half of the time that there was: the ids are the same, so that it is
 * stored once.
 */
async function answered(connection: Caller, { write, texts }: Written, until: number): Promise<Stored> {
  for (let gaveUp: Error | undefined; ;) {
    const leftMs = until - performance.now();
    if (gaveUp !== undefined && leftMs < LEAST_ATTEMPT_MS) throw gaveUp;
    try {
      const attemptMs = gaveUp ? leftMs : leftMs * SHARE_OF_THE_FIRST;
      return await connection.run(attemptMs, ({ client, deadlineMs, signal }) =>
        client.append(write, { deadlineMs, signal, texts }),
      );
    } catch (error) {
      // What a later attempt did not do says nothing of the one before it.
      if (gaveUp !== undefined && !conflictIn(error) && failureOf(error) !== 'lost') throw gaveUp;
      if (!isTimeoutOfServer(error) && !(error instanceof DeadlinePassed)) throw error;
      gaveUp = toError(error);
    }
  }
}

/**
 * For an append that the server had already, of which it may leave out where; or that it says to have stored elsewhere than it was
 * told to: a stream that was deleted begins anew behind its old revisions.
 * @throws WrongLog when what was appended is not in its place
 */
async function positionOf(
  connection: Caller,
  write: StreamWrite,
  { revision, until }: { readonly revision: bigint; readonly until: number },
): Promise<bigint> {
  const from = lastRevisionOf(write);
  const [last] = await connection.run(until - performance.now(), ({ client, signal }) =>
    client.readStream(write.stream, from, { direction: 'backwards', limit: 1, signal }),
  );
  if (last === undefined && revision === from)
    throw altered(write.stream, `revision ${from}, which the server says it has, was cut away`);
  if (last?.revision !== from || last.id.toLowerCase() !== write.events.at(-1)?.id.toLowerCase())
    throw altered(write.stream, `an append at revision ${from} was stored elsewhere`);
  return last.position;
}

/** At an exact revision there is only one place where the last event can be. */
function lastRevisionOf({ expected, events }: StreamWrite): bigint {
  return (expected === 'no-stream' ? -1n : expected) + BigInt(events.length);
}

/**
 * @param begun whether writes before this one are stored: then "certainly nothing was stored" would be untrue, and
 * repeating the same ids completes the rest
 */
function failedOutcome(error: unknown, { stream }: StreamWrite, begun: boolean): AppendOutcome {
  const conflict = conflictIn(error);
  if (conflict !== undefined) return { outcome: 'conflict', stream, actual: conflict.actual };
  const cause = isStreamDeleted(error)
    ? altered(stream, 'it was deleted for good (a tombstone)')
    : toError(error);
  // It is stored, though not where it belongs.
  if (wrongLogIn(error)?.reason === 'altered') return { outcome: 'unknown', cause };
  if (begun || failureOf(error) === 'lost') return { outcome: 'unknown', cause };
  return { outcome: 'unavailable', cause };
}
