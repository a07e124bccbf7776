import { DeadlinePassed } from '../../support/deadline.js';

/** The call never left this process: the client was closed, or rests after failed attempts to connect. */
export class NotSent extends Error {
  override readonly name: string = 'NotSent';
}

/** There was no connection to send it by. */
export class NotReached extends NotSent {
  override readonly name = 'NotReached';
}

/** The call that this append was made on broke under several, and nobody can say what became of each. */
export class BrokenUnderWay extends Error {
  override readonly name = 'BrokenUnderWay';

  constructor(cause: Error) {
    super('the call broke under several appends', { cause });
  }
}

/**
 * What became of a call that failed.
 *
 * - `not-sent`: it certainly did not reach a server.
 * - `refused`: a server took note of it and certainly did nothing.
 * - `lost`: nobody can say.
 */
export type Failure = 'not-sent' | 'refused' | 'lost';

/** gRPC codes: unavailable, and those of a call that was refused (invalid, not permitted, no such method, nobody known). */
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;
const REFUSED_CODES: readonly unknown[] = [3, 7, 12, UNAUTHENTICATED];

/** Types of the client's errors by which a server says that it did not do what it was asked. */
const REFUSALS = new Set([
  'access-denied',
  'invalid-argument',
  'maximum-append-size-exceeded',
  'not-leader',
  'stream-deleted',
]);

/** A server that starts or stops, or has too much to do: it has not looked at the call. */
const NOT_READY = /Server Is (?:Not Ready|(?:Too )?Busy)/;

/** A node that does not lead and does not know who does. */
const NO_LEADER = 'No leader info available';

/** The first of grpc-js, before a connection stood; the last of the client, looking for a node of the cluster. */
const NEVER_SENT = [
  'No connection established',
  'Name resolution failed',
  'Channel closed before call started',
  'Failed to discover',
];

/** Types after which the connection is not to be trusted any more, beside the bare gRPC code of one that never stood. */
const BREAKS = new Set(['unavailable', 'cancelled', 'deadline-exceeded', 'not-leader']);

/** Whatever is not known for certain is `lost`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof NotSent) return 'not-sent';
  if (REFUSALS.has(typeOf(error)) || REFUSED_CODES.includes(property(error, 'code'))) return 'refused';
  const text = error instanceof Error ? error.message : '';
  if (NOT_READY.test(text) || text.includes(NO_LEADER)) return 'refused';
  return NEVER_SENT.some((sign) => text.includes(sign)) ? 'not-sent' : 'lost';
}

/** True when the next call should try a new connection. */
export function breaksConnection(error: unknown): boolean {
  if (error instanceof NotSent) return error instanceof NotReached;
  if (error instanceof BrokenUnderWay) return breaksConnection(error.cause);
  if (isNotReady(error)) return false;
  if (error instanceof Error && error.message.includes(NO_LEADER)) return true;
  if (error instanceof DeadlinePassed || BREAKS.has(typeOf(error))) return true;
  return failureOf(error) === 'not-sent' || property(error, 'code') === UNAVAILABLE;
}

/** The connection is good, and the server behind it cannot do anything yet, or any more: the next call is to wait for a while. */
export function isNotReady(error: unknown): boolean {
  return error instanceof Error && NOT_READY.test(error.message);
}

/** The revision that a stream really has, when the error says that it is not the expected one. */
export function conflictIn(error: unknown): { readonly actual: bigint | 'no-stream' } | undefined {
  if (typeOf(error) !== 'wrong-expected-version') return undefined;
  const actual = property(error, 'actualVersion');
  return { actual: typeof actual === 'bigint' ? actual : 'no-stream' };
}

export function isStreamNotFound(error: unknown): boolean {
  return typeOf(error) === 'stream-not-found';
}

/** The stream is gone for good: a tombstone stands where its events were. */
export function isStreamDeleted(error: unknown): boolean {
  return typeOf(error) === 'stream-deleted';
}

/** The server knows no such name and password. */
export function isRefusedLogin(error: unknown): boolean {
  return property(error, 'code') === UNAUTHENTICATED;
}

/** A place that was met in the log is none of the log that the server has now. */
export function isInvalidPosition(error: unknown): boolean {
  return error instanceof Error && error.message.includes('InvalidPosition');
}

/**
 * The server gave one of its own phases up, or waits for an append of the same events that is under way: the same append made again is
 * answered.
 */
export function isTimeoutOfServer(error: unknown): boolean {
  return typeOf(error) === 'timeout';
}

/** What it was, in words that help. */
export function toError(error: unknown): Error {
  if (typeOf(error) === 'not-leader')
    return new Error('this node of the event store does not lead: name all nodes of the cluster', {
      cause: error,
    });
  return error instanceof Error ? error : new Error(String(error));
}

function typeOf(error: unknown): string {
  const type = property(error, 'type');
  return typeof type === 'string' ? type : '';
}

function property(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null && name in error
    ? (error as Record<string, unknown>)[name]
    : undefined;
}
