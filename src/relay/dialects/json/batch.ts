import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './bytes.js';
import { endOfString } from './strings.js';

/**
 * The end of as many whole elements or members as fit into so many bytes, `from` being at the first one: the comma behind the last of them,
 * or the bracket that closes their container. `from` itself where not even one fits, or nothing is there.
 */
export function batchEnd(json: Buffer, from: number, maxBytes: number): number {
  const limit = Math.min(json.length, from + maxBytes);
  let end = from;
  let depth = 0;
  let at = from;
  while (at < limit) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = endOfString(json, at, limit);
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 0) return at;
      depth--;
    } else if (byte === COMMA && depth === 0) end = at;
    at++;
  }
  return end;
}
