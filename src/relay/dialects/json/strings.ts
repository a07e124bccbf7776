import { BACKSLASH, QUOTE } from './bytes.js';

/** Bytes of a string that are looked at one by one before the rest of it is searched. */
const STEP_BYTES = 64;

/**
 * `from` is at the opening quote; the answer is just behind the closing one, or the end; anything behind `limit` where it ends there.
 * A search for each quote would cost more than the string where it is full of escaped ones, and looking at each byte more than a search
 * where it is long.
 */
export function endOfString(json: Buffer, from: number, limit = json.length): number {
  let at = from + 1;
  while (at < limit) {
    for (const end = at + STEP_BYTES; at < end; at++) {
      const byte = json[at];
      if (byte === QUOTE) return at + 1;
      if (byte === undefined) return json.length;
      if (byte === BACKSLASH) at++;
    }
    const quote = json.indexOf(QUOTE, at);
    if (quote === -1) return json.length;
    at = backslashesBefore(json, quote, at) % 2 === 1 ? quote + 1 : quote;
  }
  return json.length;
}

/** How many stand right before `end`, and not before `from`. */
export function backslashesBefore(json: Buffer, end: number, from: number): number {
  let count = 0;
  while (end - 1 - count >= from && json[end - 1 - count] === BACKSLASH) count++;
  return count;
}
