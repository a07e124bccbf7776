import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDecimal } from '../../src/domain/money/decimal.js';
import { exactJson, JsonNumber } from '../../src/http/json/exact-json.js';
import { exactNumber, memberText } from '../../src/http/json/number-text.js';

const exactText = (text: string) => {
  const value = exactNumber(text);
  return value && formatDecimal(value);
};

describe('exactNumber: the value of a JSON number, digit for digit', () => {
  it.each([
    ['68.49', '68.49'],
    ['10.0', '10'],
    ['0.1e1', '1'],
    ['1e-2', '0.01'],
    ['1E2', '100'],
    ['2.01', '2.01'],
    ['-0.0', '0'],
    ['0e999999', '0'],
    ['123456789.123456', '123456789.123456'],
    ['1e5', '100000'],
  ])('%s is %s', (text, expected) => expect(exactText(text)).toBe(expected));

  it.each([
    'NaN',
    'Infinity',
    '',
    ' 1',
    '1 ',
    '+1',
    '.5',
    '5.',
    '01',
    '0x10',
    '1_0',
    '1,5',
    '１',
    'e5',
    '1e',
    '1'.repeat(65),
  ])('refuses %j', (text) => expect(exactNumber(text)).toBeUndefined());

  it('saturates what is beyond every limit instead of writing out its zeros', () => {
    expect(exactText('1e999999999')).toBe(`1${'0'.repeat(30)}`);
    expect(exactNumber('-1e999999999')?.unscaled).toBeLessThan(0n);
    expect(exactNumber('1e-999999999')).toEqual({ unscaled: 1n, scale: 60 });
  });
});

describe('memberText: the source of a top-level member', () => {
  it('finds it between nested values, escaped names and repeated members', () => {
    const json =
      '{ "x":{"amount_usd":1,"y":["}",{"amount_usd":2}]} , "s":"\\"amount_usd\\":3", "amount\\u005fusd" : 4.50 ,"amount_usd":\n6.7e0 }';
    expect(memberText(json, 'amount_usd')).toBe('6.7e0');
    expect(memberText('{"amount_usd":4.50}', 'amount_usd')).toBe('4.50');
    expect(memberText('{"amount\\u005fusd":1.0}', 'amount_usd')).toBe('1.0');
    expect(memberText('{}', 'amount_usd')).toBeUndefined();
  });

  it('agrees with JSON.parse on any object', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.integer({ min: 0, max: 3 }),
        (object, indent) => {
          const json = JSON.stringify(object, null, indent);
          for (const [name, value] of Object.entries(object))
            expect(JSON.parse(memberText(json, name) ?? 'missing')).toEqual(
              JSON.parse(JSON.stringify(value)),
            );
        },
      ),
    );
  });
});

describe('exactJson', () => {
  it('prints amounts digit for digit and keeps the order of maps', () => {
    const value = {
      quota: 9007199254740991n,
      balance: new JsonNumber('18014398509.481982'),
      absent: undefined,
      byModel: new Map([
        ['z', 1],
        ['10', 2],
      ]),
      list: [1n, 'é"', null, true],
    };
    expect(exactJson(value)).toBe(
      '{"quota":9007199254740991,"balance":18014398509.481982,"byModel":{"z":1,"10":2},"list":[1,"é\\"",null,true]}',
    );
  });

  it('agrees with JSON.stringify on ordinary values', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(exactJson(value)).toBe(JSON.stringify(value))));
  });
});
