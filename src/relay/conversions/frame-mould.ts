import { payloadOf } from '../dialects/sse/frames.js';
import type { CanonicalEvent, Piece } from './canonical.js';
import type { EventReader } from './codec.js';

type Hole = 'said' | 'text' | 'number';

const DATA = 'data:';
/** Members that differ from frame to frame, and that no reader reads. */
const UNREAD = /"obfuscation":\s*"(?<text>[^"\\]*)|"(?:sequence_number|\w+TokenCount)":\s*(?<number>\d+)/g;
/** What a mould is tried with. */
const TRIAL = 'trial';
const QUOTE = '"';
/** Around the text: a longer frame is parsed. */
const LONGEST = 16 * 1024;
const BACKSLASH = 0x5c;
const [ZERO, NINE] = [0x30, 0x39];
/** JSON text of which each character is itself. */
const PLAIN = /^[ !#-[\]-\uffff]+$/;

/**
 * Most frames of a stream are the one before it with another text in it. Such a frame is not parsed: it is compared with one that was, but for
 * the text, and for members that nobody reads.
 */
export class FrameMould {
  /** Behind the frame that was fitted last. */
  end = 0;

  private constructor(
    readonly block: number,
    /** What stands before each hole, and behind the last. */
    private readonly fixed: readonly string[],
    private readonly holes: readonly Hole[],
  ) {}

  /** Of a frame from which this piece came, and nothing else; undefined where it does not show which of its texts the piece is. */
  static of(frame: string, { text, block }: Piece, reader: EventReader): FrameMould | undefined {
    const literal = JSON.stringify(text);
    const at = frame.indexOf(literal);
    if (at === -1 || frame.length - literal.length > LONGEST || frame.includes(literal, at + 1))
      return undefined;
    const before = parted(frame.slice(0, at + 1));
    const behind = parted(frame.slice(at + literal.length - 1));
    const fixed = [...before.fixed, ...behind.fixed].map(flat);
    const mould = new FrameMould(block, fixed, [...before.holes, 'said', ...behind.holes]);
    return mould.holds(reader) ? mould : undefined;
  }

  /** The piece in the frame that begins here; undefined where that is another kind of frame, or has no text. */
  fit(frames: string, from: number): Piece | undefined {
    const { fixed, holes } = this;
    let at = from;
    let said = '';
    for (let n = 0; n < holes.length; n++) {
      const before = fixed[n] as string;
      if (!standsAt(frames, before, at)) return undefined;
      at += before.length;
      const end = holes[n] === 'number' ? endOfDigits(frames, at) : endOfText(frames, at);
      if (end === -1) return undefined;
      if (holes[n] === 'said') said = frames.slice(at, end);
      else if (holes[n] === 'text' && end > at && !PLAIN.test(frames.slice(at, end))) return undefined;
      at = end;
    }
    const last = fixed[holes.length] as string;
    if (!standsAt(frames, last, at)) return undefined;
    this.end = at + last.length;
    return this.pieceOf(said);
  }

  private pieceOf(said: string): Piece | undefined {
    const json = QUOTE + said + QUOTE;
    // Cut out of the copy: what is cut out of the frames would keep them all.
    if (PLAIN.test(said)) return { type: 'piece', block: this.block, text: json.slice(1, -1), json };
    const text = unescaped(json);
    return text === undefined ? undefined : { type: 'piece', block: this.block, text };
  }

  /** Whether the reader finds another text in place of the first one, and nothing else. */
  private holds(reader: EventReader): boolean {
    const tried = this.fixed.reduce((frame, next, n) => {
      return frame + (this.holes[n - 1] === 'number' ? '1' : TRIAL) + next;
    });
    const payload = payloadOf(tried.slice(tried.indexOf(DATA) + DATA.length));
    const events: CanonicalEvent[] = [];
    if (payload) reader.read(payload, (event) => events.push(event));
    const [only] = events;
    return events.length === 1 && only?.type === 'piece' && only.text === TRIAL && only.block === this.block;
  }
}

/** What stays the same in a part of a frame, and what stands between. */
function parted(text: string): { fixed: string[]; holes: Hole[] } {
  const fixed: string[] = [];
  const holes: Hole[] = [];
  let from = 0;
  for (const match of text.matchAll(UNREAD)) {
    const end = match.index + match[0].length;
    const { number, text: word } = match.groups ?? {};
    fixed.push(text.slice(from, end - (number ?? word ?? '').length));
    holes.push(number === undefined ? 'text' : 'number');
    from = end;
  }
  return { fixed: [...fixed, text.slice(from)], holes };
}

/** A copy in one piece: a text that was put together is compared piece by piece. */
const flat = (text: string): string => Buffer.from(text).toString();

/** As `startsWith` says it, which compares character by character. */
const standsAt = (frames: string, part: string, at: number): boolean =>
  frames.slice(at, at + part.length) === part;

function endOfText(frames: string, from: number): number {
  let end = frames.indexOf(QUOTE, from);
  while (end !== -1 && isEscaped(frames, end, from)) end = frames.indexOf(QUOTE, end + 1);
  return end;
}

function isEscaped(frames: string, at: number, from: number): boolean {
  let first = at;
  while (first > from && frames.charCodeAt(first - 1) === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}

function endOfDigits(frames: string, from: number): number {
  let end = from;
  for (let code = frames.charCodeAt(end); code >= ZERO && code <= NINE; code = frames.charCodeAt(end)) end++;
  return end === from ? -1 : end;
}

/** Undefined for an empty one, which no reader makes a piece of, and for what is no JSON. */
function unescaped(json: string): string | undefined {
  try {
    return (JSON.parse(json) as string) || undefined;
  } catch {
    return undefined;
  }
}
