import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameCutter } from '../../../../src/relay/dialects/sse/frame-cutter.js';

/** What frames are made of, and what only looks like an end of one. */
const pieces = fc.array(
  fc.constantFrom('\n', '\r\n', '\n\n', '\r\n\r\n', '\r', 'data: 模型\n', 'data: x', ': ping\r\n', '🙂'),
  { maxLength: 20 },
);
const cuts = fc.array(fc.nat(), { maxLength: 30 });

/** Up to the last blank line, found by looking at the whole text again: a line is blank that ends where it begins. */
function wholeFrames(text: string): string {
  let end = 0;
  let line = 0;
  for (let feed = text.indexOf('\n'); feed !== -1; feed = text.indexOf('\n', line)) {
    if (['', '\r'].includes(text.slice(line, feed))) end = feed + 1;
    line = feed + 1;
  }
  return text.slice(0, end);
}

function chunksOf(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

describe('server-sent events as they come', () => {
  it('have given all their whole frames and nothing beyond after each chunk, wherever they are cut', () => {
    fc.assert(
      fc.property(pieces, cuts, (sent, places) => {
        const bytes = Buffer.from(sent.join(''));
        const cutter = new FrameCutter();
        let come = 0;
        let given = Buffer.alloc(0);
        for (const chunk of chunksOf(bytes, places)) {
          come += chunk.length;
          given = Buffer.concat([given, cutter.cut(chunk)]);
          const soFar = bytes.subarray(0, come).toString('latin1');
          expect(given.toString('latin1')).toBe(wholeFrames(soFar));
          expect(cutter.unfinishedBytes).toBe(come - given.length);
        }
        const rest = bytes.subarray(given.length).toString();
        expect(cutter.finish().toString()).toBe(rest === '' ? '' : `${rest}\n\n`);
        expect(cutter.unfinishedBytes).toBe(0);
      }),
    );
  });
});
