import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineFeeds } from '../../../../src/relay/dialects/sse/line-feeds.js';

const pieces = fc.array(fc.constantFrom('\n', '\r\n', '\r', '\r\r', 'data: 模型', 'x', '🙂'), {
  maxLength: 20,
});

function mended(chunks: readonly Buffer[]): string {
  const feeds = new LineFeeds();
  const given = chunks.map((chunk) => Buffer.from(feeds.mend(chunk)));
  return Buffer.concat([...given, feeds.finish()]).toString();
}

describe('the ends of lines', () => {
  it('that are carriage returns alone become line feeds, wherever the bytes are cut; no line is lost or made', () => {
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(), { maxLength: 20 }), (sent, places) => {
        const bytes = Buffer.from(sent.join(''));
        const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
        const chunks = [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
        const lines = bytes.toString().split(/\r\n|\r|\n/);
        expect(mended(chunks).split(/\r?\n/)).toEqual(lines);
        expect(mended(chunks)).not.toMatch(/\r(?!\n)/);
      }),
    );
  });

  it('stay as they came where no carriage return stands alone', () => {
    const bytes = Buffer.from('data: a\r\n\r\ndata: b\n\n');
    expect(mended([bytes])).toBe(bytes.toString());
  });
});
