import { randomInt } from 'node:crypto';
import { CallRefused } from '../../errors.js';
import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './bytes.js';
import { backslashesBefore } from './strings.js';

/**
 * The most that a body may hold. JSON.parse takes 50 to 100 ns for a value, 400 ns for a container, and above 1,000 ns for a name that it
 * has not seen before: a few megabytes of nothing else would stop the process for seconds. What is in long strings costs next to nothing and is
 * not bounded here.
 */
export const bodyBounds = {
  /** Objects and arrays within each other. */
  depth: 70,
  /** Objects and arrays. */
  containers: 100_000,
  /** Members of all objects. */
  members: 200_000,
  /** Members of the body itself: where each of them stands is kept as long as the call. */
  ownMembers: 1_000,
  /** Members of all objects with different names, beside the first 1,000. */
  names: 10_000,
  /** Elements and members. */
  values: 1_000_000,
  /** Bytes of a member's name, or of a number. */
  tokenBytes: 1_024,
} as const;

const OTHER = 0;
const KIND = new Uint8Array(256);
for (const byte of [QUOTE, OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET, COMMA]) KIND[byte] = byte;
/** What ends a number and is nothing itself. */
const GAP = 1;
for (const byte of [0x20, 0x09, 0x0a, 0x0d, 0x3a]) KIND[byte] = GAP;

/** Bytes of a string that are looked at one by one before the rest of it is searched. */
const STEP_BYTES = 64;
const NAMES_UNCOUNTED = 1_000;
const NAME_BITS = 1 << 17;
/** Of this process alone, so that nobody can choose names that count as one. */
const SEED = randomInt(1, 2 ** 31);

/**
 * Looks at a body while it comes, each byte once, and refuses what would be dear to parse. It is no parser: what it lets pass may be no
 * JSON. Of JSON it counts exactly; of anything else at least what a parser sees before it gives up.
 */
export class BodyScan {
  private depth = 0;
  /** By depth: 1 for an object, 0 for an array. */
  private readonly isObject = new Uint8Array(bodyBounds.depth + 2);
  private expectsName = false;
  private inString = false;
  private inName = false;
  private escaped = false;
  /** Of the name or the number under way. */
  private tokenBytes = 0;
  private hash = 0;
  private containers = 0;
  private members = 0;
  private ownMembers = 0;
  private values = 0;
  private names = 0;
  private seen: Uint32Array | undefined;

  /** @throws CallRefused `invalid_request` */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.inName) at = this.throughName(chunk, at);
      else if (this.inString) at = this.throughString(chunk, at);
      else at = this.throughStructure(chunk, at);
    }
  }

  /** Up to the first byte of a string. */
  private throughStructure(chunk: Buffer, from: number): number {
    let { tokenBytes } = this;
    for (let at = from; at < chunk.length; at++) {
      const kind = KIND[chunk[at] as number] as number;
      if (kind === OTHER) {
        if (++tokenBytes > bodyBounds.tokenBytes)
          throw tooMuch(`a number of more than ${tokenBytes - 1} digits`);
        continue;
      }
      tokenBytes = 0;
      if (kind === QUOTE) {
        this.beginString();
        return at + 1;
      }
      if (kind !== GAP) this.structure(kind);
    }
    this.tokenBytes = tokenBytes;
    return chunk.length;
  }

  private structure(kind: number): void {
    switch (kind) {
      case OPEN_BRACE:
      case OPEN_BRACKET:
        this.open(kind === OPEN_BRACE);
        return;
      case COMMA:
        if (++this.values > bodyBounds.values) throw tooMuch(`more than ${bodyBounds.values} values`);
        this.expectsName = this.isObject[this.depth] === 1;
        return;
      default:
        if (this.depth > 0) this.depth--;
        this.expectsName = false;
    }
  }

  private open(isObject: boolean): void {
    if (++this.depth > bodyBounds.depth) throw tooMuch(`more than ${bodyBounds.depth} levels`);
    if (++this.containers > bodyBounds.containers)
      throw tooMuch(`more than ${bodyBounds.containers} objects and lists`);
    this.isObject[this.depth] = isObject ? 1 : 0;
    this.expectsName = isObject;
  }

  private beginString(): void {
    this.tokenBytes = 0;
    if (!this.expectsName) {
      this.inString = true;
      return;
    }
    this.expectsName = false;
    this.inName = true;
    this.hash = SEED;
    if (++this.members > bodyBounds.members) throw tooMuch(`more than ${bodyBounds.members} members`);
    if (this.depth === 1 && ++this.ownMembers > bodyBounds.ownMembers)
      throw tooMuch(`more than ${bodyBounds.ownMembers} members of its own`);
  }

  private throughName(chunk: Buffer, from: number): number {
    let { hash, escaped } = this;
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) {
        this.endName(hash, at - from);
        return at + 1;
      }
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    this.hash = hash;
    this.escaped = escaped;
    this.addNameBytes(chunk.length - from);
    return chunk.length;
  }

  private endName(hash: number, bytes: number): void {
    this.addNameBytes(bytes);
    this.inName = false;
    this.escaped = false;
    this.tokenBytes = 0;
    if (this.members <= NAMES_UNCOUNTED) return;
    this.seen ??= new Uint32Array(NAME_BITS >> 5);
    // The upper bits: the lower ones do not depend on the whole name.
    const bit = (hash ^ (hash >>> 15)) >>> 15;
    const mask = 1 << (bit & 31);
    const word = this.seen[bit >> 5] as number;
    if ((word & mask) !== 0) return;
    this.seen[bit >> 5] = word | mask;
    if (++this.names > bodyBounds.names) throw tooMuch(`more than ${bodyBounds.names} different names`);
  }

  private addNameBytes(bytes: number): void {
    this.tokenBytes += bytes;
    if (this.tokenBytes > bodyBounds.tokenBytes)
      throw tooMuch(`a name of more than ${bodyBounds.tokenBytes} bytes`);
  }

  /** Behind the closing quote, or the chunk's end. A long string is searched; one full of quotes is not searched for each of them. */
  private throughString(chunk: Buffer, from: number): number {
    let at = from;
    let { escaped } = this;
    while (at < chunk.length) {
      const end = Math.min(at + STEP_BYTES, chunk.length);
      for (; at < end; at++) {
        const byte = chunk[at] as number;
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          this.inString = false;
          this.escaped = false;
          return at + 1;
        }
      }
      if (escaped || at === chunk.length) continue;
      const quote = chunk.indexOf(QUOTE, at);
      const searched = quote === -1 ? chunk.length : quote;
      escaped = backslashesBefore(chunk, searched, at) % 2 === 1;
      at = searched;
    }
    this.escaped = escaped;
    return at;
  }
}

function tooMuch(what: string): CallRefused {
  const message = `The body has ${what}.`;
  return new CallRefused({ code: 'invalid_request', message, param: null });
}
