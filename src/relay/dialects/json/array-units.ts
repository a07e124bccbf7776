import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE, SPACE } from './bytes.js';
import { backslashesBefore } from './strings.js';
import { KeptBytes } from '../kept-bytes.js';
import type { Unit, UnitSplitter } from '../units.js';

/**
 * Elements of a JSON array that is still growing, `[{…},\n{…}]`: found by counting braces outside of strings, each byte looked at once.
 * An element is a unit together with the bracket or comma before it. Nothing that is no array of objects yields a unit.
 */
export class ArrayUnits implements UnitSplitter {
  readonly contentType = 'application/json; charset=UTF-8';
  readonly ending = '\n]';
  private readonly unfinished = new KeptBytes();
  /** Braces and brackets open inside the element under way; 0 between elements. */
  private depth = 0;
  private inString = false;
  /** The last byte that came is a backslash that escapes the next one. */
  private escaped = false;
  private closed = false;
  private isArray = true;

  /** `opened`: the array's bracket has come before. */
  constructor(private opened = false) {}

  get unfinishedBytes(): number {
    return this.unfinished.length;
  }

  split(chunk: Buffer): Unit[] {
    const units: Unit[] = [];
    let from = 0;
    let at = 0;
    while (at < chunk.length && !this.closed) {
      if (this.inString) {
        at = this.skipString(chunk, at);
        continue;
      }
      const kind = this.take(chunk[at] as number);
      at++;
      if (!kind) continue;
      units.push({ kind, bytes: this.unfinished.takeWith(chunk.subarray(from, at)) });
      from = at;
    }
    if (!this.closed) this.unfinished.add(chunk.subarray(from));
    return units;
  }

  rest(): Unit | undefined {
    if (this.unfinishedBytes === 0) return undefined;
    return { kind: 'bare', bytes: this.unfinished.takeWith() };
  }

  json(unit: Buffer): string {
    return unit.toString('utf8', startOfElement(unit));
  }

  frame(json: string, isFirst: boolean): Buffer {
    return Buffer.from(`${isFirst ? '[' : ',\r\n'}${json}`);
  }

  *unitsOf(passed: Buffer): Iterable<Buffer> {
    const isStart = passed.find((byte) => byte > SPACE) === OPEN_BRACKET;
    for (const { kind, bytes } of new ArrayUnits(!isStart).split(passed)) if (kind === 'payload') yield bytes;
  }

  /** Says what ends with this byte, which is outside of strings. */
  private take(byte: number): Unit['kind'] | undefined {
    if (!this.opened) {
      // Anything but an array never opens: it stays unfinished.
      if (byte === OPEN_BRACKET) this.opened = this.isArray;
      else if (byte > SPACE) this.isArray = false;
      return undefined;
    }
    if (byte === QUOTE) this.inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (this.depth === 0) {
        this.closed = true;
        return 'close';
      }
      this.depth--;
      if (this.depth === 0) return 'payload';
    }
    return undefined;
  }

  /** Behind the string's closing quote, or the chunk's end when it is not there. */
  private skipString(chunk: Buffer, from: number): number {
    let at = from;
    if (this.escaped) {
      this.escaped = false;
      at++;
    }
    for (let quote = chunk.indexOf(QUOTE, at); quote !== -1; quote = chunk.indexOf(QUOTE, quote + 1)) {
      if (backslashesBefore(chunk, quote, at) % 2 === 1) continue;
      this.inString = false;
      return quote + 1;
    }
    this.escaped = backslashesBefore(chunk, chunk.length, at) % 2 === 1;
    return chunk.length;
  }
}

/** The objects in a whole JSON array, as they stand in it. */
export function elementsOf(array: Buffer): Buffer[] {
  const units = new ArrayUnits().split(array).filter(({ kind }) => kind === 'payload');
  return units.map(({ bytes }) => bytes.subarray(startOfElement(bytes)));
}

function startOfElement(unit: Buffer): number {
  let from = 0;
  while (from < unit.length && isSeparator(unit[from] as number)) from++;
  return from;
}

function isSeparator(byte: number): boolean {
  return byte <= SPACE || byte === COMMA || byte === OPEN_BRACKET;
}
