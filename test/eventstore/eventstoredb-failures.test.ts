import { describe, expect, it } from '@jest/globals';
import {
  NotSent,
  breaksConnection,
  conflictIn,
  failureOf,
} from '../../src/eventstore/eventstoredb/failures.js';
import { DeadlinePassed } from '../../src/support/deadline.js';

const raw = (code: number, details: string) => Object.assign(new Error(details), { code, details });
const typed = (type: string, code?: number) => Object.assign(new Error(type), { type, code });

describe('what became of a call to EventStoreDB that failed', () => {
  it.each([
    [
      'a raw error before a connection stood',
      raw(14, '14 UNAVAILABLE: No connection established. Last error: …'),
      'not-sent',
      true,
    ],
    ['a server that says no more than unavailable', typed('unavailable', 14), 'lost', true],
    [
      'a name that does not resolve',
      raw(14, '14 UNAVAILABLE: Name resolution failed for target dns:nowhere'),
      'not-sent',
      true,
    ],
    [
      'a channel closed under a waiting call',
      raw(14, '14 UNAVAILABLE: Channel closed before call started'),
      'not-sent',
      true,
    ],
    ['no node of the cluster found', new Error('Failed to discover after 1 attempts.'), 'not-sent', true],
    ['a connection that broke under the call', raw(14, '14 UNAVAILABLE: Connection dropped'), 'lost', true],
    ['a call that the server cancelled', typed('cancelled', 1), 'lost', true],
    ['the deadline of the protocol', typed('deadline-exceeded', 4), 'lost', true],
    ['a deadline of our own', new DeadlinePassed(500), 'lost', true],
    ['a socket error', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), 'lost', false],
    ['a timeout inside the server', typed('timeout', 10), 'lost', false],
    ['a server that is not ready', raw(14, '14 UNAVAILABLE: Server Is Not Ready'), 'refused', false],
    ['a server with too much to do', new Error('Server Is Busy'), 'refused', false],
    ['no leader that anybody knows', new Error('No leader info available in response'), 'refused', true],
    ['something nobody has seen before', 'a string', 'lost', false],
    ['a node that does not lead', typed('not-leader', 5), 'refused', true],
    ['no authority', typed('access-denied', 7), 'refused', false],
    ['no authority, without the type', raw(7, '7 PERMISSION_DENIED: Access Denied'), 'refused', false],
    ['too large for the server', typed('maximum-append-size-exceeded'), 'refused', false],
    ['a tombstone', typed('stream-deleted'), 'refused', false],
    ['a rest after failed attempts to connect', new NotSent('rest'), 'not-sent', false],
  ] as const)('%s', (_case, error, failure, breaks) => {
    expect(failureOf(error)).toBe(failure);
    expect(breaksConnection(error)).toBe(breaks);
  });

  it('a conflict tells where the stream really is', () => {
    const conflict = (actualVersion: unknown) =>
      Object.assign(typed('wrong-expected-version'), { actualVersion });

    expect(conflictIn(conflict(7n))).toEqual({ actual: 7n });
    expect(conflictIn(conflict('no_stream'))).toEqual({ actual: 'no-stream' });
    expect(conflictIn(typed('unavailable'))).toBeUndefined();
  });
});
