import { payloadOf } from './frames.js';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const DATA = Buffer.from('data:');
const BLANK_LINE = Buffer.from('\n');

/**
 * Events between which upstream leaves out the blank line. A data line that is JSON by itself is an event where another data line
 * follows; JSON that is spread over several data lines is one event, and stays as it is.
 */
export type RunOn =
  /** The events, each with its blank line, and what follows the last of them. */
  | { readonly kind: 'parted'; readonly events: readonly Buffer[]; readonly rest: Buffer }
  /** One event, whatever comes. */
  | { readonly kind: 'one' }
  /** No second data line yet. */
  | { readonly kind: 'unknown' };

/** `known`: this stream does so, and a data line need not be waited behind. */
export function partRunOn(bytes: Buffer, known: boolean): RunOn {
  const events: Buffer[] = [];
  let start = 0;
  let wholeTo = 0;
  let line = 0;
  for (let feed = bytes.indexOf(LINE_FEED); feed !== -1; feed = bytes.indexOf(LINE_FEED, line)) {
    if (isData(bytes, line)) {
      if (wholeTo > start) {
        events.push(withBlankLine(bytes.subarray(start, wholeTo)));
        start = wholeTo;
      }
      if (!isWhole(bytes.subarray(line + DATA.length, feed))) {
        if (events.length === 0) return { kind: 'one' };
        break;
      }
      wholeTo = feed + 1;
    }
    line = feed + 1;
  }
  if (known && wholeTo > start) {
    events.push(withBlankLine(bytes.subarray(start, wholeTo)));
    start = wholeTo;
  }
  return events.length === 0 ? { kind: 'unknown' } : { kind: 'parted', events, rest: bytes.subarray(start) };
}

/** The events in a whole frame, as they came but for blank lines: itself, but for upstreams that let events run on. */
export function eventsIn(frame: Buffer): readonly Buffer[] {
  if (!hasTwoDataLines(frame)) return [frame];
  const parted = partRunOn(frame, true);
  if (parted.kind !== 'parted') return [frame];
  const isBlank = parted.rest.every((byte) => byte === LINE_FEED || byte === CARRIAGE_RETURN);
  return isBlank ? parted.events : [...parted.events, parted.rest];
}

function hasTwoDataLines(frame: Buffer): boolean {
  const first = isData(frame, 0) ? 0 : nextData(frame, 0);
  return first !== -1 && nextData(frame, first) !== -1;
}

const NEXT_DATA = Buffer.from('\ndata:');
const nextData = (frame: Buffer, from: number): number => frame.indexOf(NEXT_DATA, from);

function isData(bytes: Buffer, line: number): boolean {
  return bytes.subarray(line, line + DATA.length).equals(DATA);
}

function isWhole(value: Buffer): boolean {
  const text = value.toString('utf8').trim();
  return text === '[DONE]' || payloadOf(text) !== undefined;
}

function withBlankLine(event: Buffer): Buffer {
  return Buffer.concat([event, BLANK_LINE]);
}
