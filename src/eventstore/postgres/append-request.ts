import { z } from 'zod';
import type { AppendOutcome, EventData, StreamWrite } from '../event-store.js';
import type { EventText } from '../limits.js';

/** One call of `append`, turned into text once, whatever batch it ends up in. */
export interface AppendRequest {
  readonly writes: readonly string[];
  readonly size: number;
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
  const texts = writes.map((write) => describeWrite(write, left));
  return { writes: texts, size: texts.reduce((sum, text) => sum + text.length, 0) };
}

function describeWrite({ stream, expected, events }: StreamWrite, texts: Iterator<EventText>): string {
  const revision = expected === 'no-stream' ? -1n : expected;
  assertName('stream', stream);
  return `"s":${JSON.stringify(stream)},"e":${revision},"v":[${events.map((event) => describeEvent(event, texts.next().value as EventText)).join(',')}]`;
}

function describeEvent({ id, type }: EventData, { data, metadata }: EventText): string {
  if (!UUID.test(id)) throw new RangeError('the id of an event is a UUID');
  assertName('type', type);
  return JSON.stringify({ i: id, t: type, d: data, m: metadata });
}

function assertName(what: string, name: string): void {
  if (name === '' || name.length > 1000 || UNFIT_IN_NAME.test(name)) {
    throw new RangeError(
      `the ${what} of an event is a text of 1 to 1000 characters without control characters`,
    );
  }
}

/** The argument of append_events: the writes of all calls, each with the number of its call. */
export function describeBatch(requests: readonly AppendRequest[]): string {
  const writes = requests.flatMap((request, call) => request.writes.map((write) => `{"c":${call},${write}}`));
  return `[${writes.join(',')}]`;
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
