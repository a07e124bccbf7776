import { z } from 'zod';
import type { AppendOutcome, EventData, StreamWrite } from '../event-store.js';
import type { EventText } from '../limits.js';

/** One call of `append`, checked, and its events turned into text once, whatever batch it ends up in. */
export interface AppendRequest {
  readonly writes: readonly PreparedWrite[];
  /** Characters. */
  readonly size: number;
}

export interface PreparedWrite {
  readonly stream: string;
  /** The revision before that of its first event; -1 where the stream is to be new. */
  readonly end: bigint;
  readonly events: readonly PreparedEvent[];
}

export interface PreparedEvent extends EventText {
  readonly id: string;
  readonly type: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Control characters and halves of surrogate pairs: PostgreSQL would refuse the whole batch for them. */
const UNFIT_IN_NAME = /[\p{Cc}\p{Cs}]/u;

/** `eventTexts`: of all events of the writes, in order. @throws RangeError for an id, a stream or a type that cannot be stored */
export function prepareRequest(
  writes: readonly StreamWrite[],
  eventTexts: readonly EventText[],
): AppendRequest {
  const left = eventTexts.values();
  const prepared = writes.map((write) => prepareWrite(write, left));
  return { writes: prepared, size: prepared.reduce((sum, write) => sum + sizeOf(write), 0) };
}

function prepareWrite({ stream, expected, events }: StreamWrite, texts: Iterator<EventText>): PreparedWrite {
  assertName('stream', stream);
  const end = expected === 'no-stream' ? -1n : expected;
  return { stream, end, events: events.map((event) => prepareEvent(event, texts.next().value as EventText)) };
}

function prepareEvent({ id, type }: EventData, { data, metadata }: EventText): PreparedEvent {
  if (!UUID.test(id)) throw new RangeError('the id of an event is a UUID');
  assertName('type', type);
  return { id, type, data, metadata };
}

/** Of each event two names and an id beside its texts. */
const sizeOf = ({ stream, events }: PreparedWrite): number =>
  events.reduce(
    (sum, { type, data, metadata }) => sum + 36 + stream.length + type.length + data.length + metadata.length,
    0,
  );

function assertName(what: string, name: string): void {
  if (name === '' || name.length > 1000 || UNFIT_IN_NAME.test(name)) {
    throw new RangeError(
      `the ${what} of an event is a text of 1 to 1000 characters without control characters`,
    );
  }
}

/** The argument of append_events: the writes of all calls, each with the number of its call. */
export function describeBatch(requests: readonly AppendRequest[]): string {
  return JSON.stringify(
    requests.flatMap(({ writes }, call) =>
      writes.map(({ stream, end, events }) => ({
        c: call,
        s: stream,
        e: Number(end),
        v: events.map(({ id, type, data, metadata }) => ({ i: id, t: type, d: data, m: metadata })),
      })),
    ),
  );
}

const wholeNumber = z.number().refine(Number.isSafeInteger);
const batchResults = z.compile(
  z.array(
    z.union([
      z.tuple([wholeNumber, wholeNumber, z.array(wholeNumber)]),
      z.tuple([wholeNumber, z.null(), z.string(), wholeNumber]),
    ]),
  ),
);

/** What append_events answered, an outcome a call. */
export function parseResults(answer: unknown, calls: number): readonly AppendOutcome[] {
  const results = batchResults.parse(answer);
  if (results.length !== calls) throw new Error(`append_events answered ${results.length} of ${calls} calls`);
  return results.map(([, position, ...rest]): AppendOutcome => {
    if (position !== null) {
      const [revisions] = rest as [number[]];
      return { outcome: 'appended', position: BigInt(position), revisions: revisions.map(BigInt) };
    }
    const [stream, actual] = rest as [string, number];
    return { outcome: 'conflict', stream, actual: actual === -1 ? 'no-stream' : BigInt(actual) };
  });
}
