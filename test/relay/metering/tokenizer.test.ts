import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer';
import { Tokenizer } from '../../../src/relay/metering/tokenizer.js';

const theirs = (text: string) => countTokens(text, { disallowedSpecial: new Set<string>() });
const words = [
  'the',
  ' quota',
  "'ll",
  '\r\n',
  '  ',
  '12345',
  '<|endoftext|>',
  '额度',
  'Straße',
  '🦊',
  '\ud83d',
  '{"a":',
  'é',
];

describe('the tokenizer counts as the library does whose table it reads', () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await Tokenizer.load();
  });

  it.each(['README.md', 'README.zh-CN.md', 'package.json', 'src/relay/relay.ts'])('%s', async (path) => {
    const text = await readFile(path, 'utf8');
    expect(tokenizer.count(text)).toBe(theirs(text));
  });

  it('any text, also with halves of pairs and what looks like an order', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc
        .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 })), { maxLength: 60 })
        .map((all) => all.join('')),
      fc
        .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 })
        .map((units) => String.fromCharCode(...units)),
    );
    fc.assert(
      fc.property(text, (one) => {
        expect(tokenizer.count(one)).toBe(theirs(one));
      }),
      { numRuns: 400 },
    );
  });

  it('one letter many times', () => {
    for (const text of ['', 'a', 'a'.repeat(384), ' '.repeat(384), '好'.repeat(384), '\u0301'.repeat(384)])
      expect(tokenizer.count(text)).toBe(theirs(text));
  });
});
