import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvLine } from '../../src/support/csv-text.js';

describe('a line of CSV', () => {
  it.each([
    '=HYPERLINK("http://evil.example","open")',
    '+1+1',
    '@SUM(A1)',
    '-2+3',
    '\t=1',
    ' =1',
    '\r=1',
    '＝1',
  ])('makes no formula of %j', (text) => {
    expect(parse(csvLine([text, 'x']), { record_delimiter: '\r\n' })).toEqual([[`'${text}`, 'x']]);
  });

  it.each(['-5', '-0.25', '12', 'plain', 'a=b', '1-2'])('leaves %j as it is', (text) => {
    expect(csvLine([text])).toBe(`${text}\r\n`);
  });

  it('gives back every text, with at most an apostrophe before it', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 5 }), (cells) => {
        const [read]: string[][] = parse(csvLine(cells), { record_delimiter: '\r\n' });
        expect(read?.map((text, index) => (text === cells[index] ? text : text.slice(1)))).toEqual(cells);
      }),
    );
  });
});
