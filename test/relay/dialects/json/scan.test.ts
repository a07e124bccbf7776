import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bodyBounds, BodyScan } from '../../../../src/relay/dialects/json/scan.js';

/** Cut into pieces of these lengths, over and over. */
function* cut(bytes: Buffer, lengths: readonly number[]): Iterable<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const to = at + (lengths[turn % lengths.length] as number);
    yield bytes.subarray(at, to);
    at = to;
  }
}

function refusal(json: string | Buffer, lengths: readonly number[] = [65_536]): string | undefined {
  const scan = new BodyScan();
  try {
    for (const piece of cut(Buffer.from(json), lengths)) scan.push(piece);
    return undefined;
  } catch (error) {
    return (error as { refusal: { message: string } }).refusal.message;
  }
}

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const list = (count: number, element: (at: number) => string) =>
  `[${Array.from({ length: count }, (_, at) => element(at)).join(',')}]`;
const names = (count: number) => `{${Array.from({ length: count }, (_, at) => `"name-${at}":1`).join(',')}}`;
const { depth, containers, members, ownMembers, values, tokenBytes } = bodyBounds;

describe('the scan of a body', () => {
  it('lets pass whatever is JSON within the bounds, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 6 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (json, lengths) => {
          expect(refusal(json, lengths)).toBeUndefined();
        },
      ),
    );
  });

  it.each([
    ['levels', nested(depth), nested(depth + 1)],
    ['objects and lists', list(containers - 1, () => '{}'), list(containers, () => '{}')],
    [
      'members',
      list(members / 4, () => '{"a":1,"b":2,"c":[],"d":""}').replaceAll('[]', '0'),
      list(members / 4 + 1, () => '{"a":1,"b":2,"c":[],"d":""}').replaceAll('[]', '0'),
    ],
    ['values', list(values, () => '1'), list(values + 2, () => '1')],
    ['bytes', `{"${'n'.repeat(tokenBytes)}":1}`, `{"${'n'.repeat(tokenBytes + 1)}":1}`],
    ['digits', '1'.repeat(tokenBytes), '1'.repeat(tokenBytes + 1)],
    ['different names', `[${names(10_900)}]`, `[${names(13_000)}]`],
    ['members of its own', names(ownMembers), names(ownMembers + 1)],
  ])('draws its line at too many %s, wherever the pieces are cut', (what, last, first) => {
    for (const lengths of [[last.length + 9], [16_384, 7, 1]]) {
      expect(refusal(last, lengths)).toBeUndefined();
      expect(refusal(first, lengths)).toContain(what);
    }
  });

  it('does not mistake for structure what stands in strings', () => {
    const text = '{"[,:\\"'.repeat(60_000);
    const json = JSON.stringify({ text, other: ['\\', '"', '\\"'.repeat(99)] });
    for (const lengths of [[json.length], [1], [63, 64, 65, 2]])
      expect(refusal(json, lengths)).toBeUndefined();
  });

  it('counts the same in whatever pieces a text comes, also where it is no JSON', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      'x',
      ' ',
      '1',
      '{"a":',
      '"b"',
      '\\"',
    );
    const texts = fc.array(pieces, { maxLength: 400 }).map((all) => all.join(''));
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, length) => {
        expect(refusal(text, [length])).toBe(refusal(text));
      }),
    );
  });

  it('stops as soon as it is too much, not at the end', () => {
    const scan = new BodyScan();
    expect(() => scan.push(Buffer.from('['.repeat(depth + 1)))).toThrow('invalid_request');
  });
});
