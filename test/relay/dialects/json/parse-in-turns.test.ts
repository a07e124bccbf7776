import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { parseInTurns } from '../../../../src/relay/dialects/json/parse-in-turns.js';

const parsedAtOnce = (text: string): unknown => {
  try {
    return { is: JSON.parse(text) as unknown };
  } catch {
    return 'refused';
  }
};
const parsedInTurns = (text: string): Promise<unknown> =>
  parseInTurns(Buffer.from(text)).then(
    (is) => ({ is }),
    () => 'refused',
  );

/** Long enough that nothing is read in one piece. */
const long = (text: string) => text.repeat(Math.ceil(40_000 / Math.max(1, text.length)));
const longText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).map(long);
const value = fc.letrec<{ any: unknown; text: unknown }>((tie) => ({
  text: fc.oneof(
    { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 9 }) },
    { weight: 1, arbitrary: longText },
  ),
  any: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.constantFrom(null, true, false, 0, -1.5e-7, 1e21), tie('text')),
    fc.array(tie('any'), { maxLength: 6 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom('__proto__', 'a', '7', ''), fc.string({ maxLength: 4 })),
      tie('any'),
      {
        maxKeys: 6,
      },
    ),
  ),
})).any;
const spaces = fc.constantFrom(0, 1, '\t');

describe('parsing in turns', () => {
  it('gives what JSON.parse gives', async () => {
    await fc.assert(
      fc.asyncProperty(value, spaces, async (any, indent) => {
        const text = JSON.stringify(any, null, indent);
        expect(await parsedInTurns(text)).toEqual(parsedAtOnce(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses, and nothing else, where a byte is lost, doubled or another one', async () => {
    const spoil = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      put: fc.constantFrom(
        '',
        ',',
        ':',
        '"',
        '\\',
        '{',
        '}',
        '[',
        ']',
        '1',
        ' ',
        '\u0000',
        '\u000b',
        '\n',
        'x',
        '\\u12',
      ),
      cut: fc.integer({ min: 0, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(value, spaces, spoil, async (any, indent, { at, put, cut }) => {
        const text = JSON.stringify(any, null, indent);
        const place = Math.floor(at * text.length);
        // Half a surrogate pair has no UTF-8.
        const spoiled = Buffer.from(text.slice(0, place) + put + text.slice(place + cut)).toString();
        expect(await parsedInTurns(spoiled)).toEqual(parsedAtOnce(spoiled));
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['text full of quotes', JSON.stringify({ text: '"'.repeat(300_000) })],
    ['text of escapes', `{"text":"${'\\u4f60\\ud83d\\ude00\\n'.repeat(30_000)}"}`],
    ['text of characters of many bytes', JSON.stringify(['你😀é'.repeat(60_000)])],
    ['numbers', JSON.stringify(Array.from({ length: 90_000 }, (_, at) => at / 7))],
    ['names that come again', `{${'"a":1,'.repeat(20_000)}"__proto__":{"b":1},"a":2}`],
    [
      'chains of lists',
      `[${Array.from({ length: 8 }, () => `${'['.repeat(60)}"${'x'.repeat(20_000)}"${']'.repeat(60)}`).join(' , ')}]`,
    ],
    ['a text alone', JSON.stringify('x'.repeat(200_000))],
    ['nothing', ' '.repeat(20_000)],
  ])('reads %s as JSON.parse does', async (_, text) => {
    expect(await parsedInTurns(text)).toEqual(parsedAtOnce(text));
  });

  it('lets others have their turn', async () => {
    const text = JSON.stringify(
      Array.from({ length: 20_000 }, () => ({ role: 'user', content: 'x'.repeat(400) })),
    );
    // However fast the machine is: each look at the clock finds it a millisecond later.
    let clock = 0;
    const now = jest.spyOn(performance, 'now').mockImplementation(() => clock++);
    let turns = 0;
    let over = false;
    const parsing = parseInTurns(Buffer.from(text)).finally(() => (over = true));
    const count = () => {
      turns++;
      if (!over) setImmediate(count);
    };
    setImmediate(count);
    expect(await parsing).toHaveLength(20_000);
    now.mockRestore();
    expect(turns).toBeGreaterThan(100);
  });
});
