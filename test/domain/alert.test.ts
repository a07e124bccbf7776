import { describe, expect, it } from '@jest/globals';
import {
  type AlertFacts,
  type AlertRules,
  decideUserAlerts,
  type Spending,
} from '../../src/domain/alert/rule.js';

const nothing: AlertRules = { belowQuota: null, keyUse: false, unusualDay: false };
const facts = (given: Partial<AlertFacts>): AlertFacts => ({
  balance: 1_000n,
  keys: [],
  spending: undefined,
  ...given,
});

/** Given states that hold, when the account stands so, then this is told and these hold. */
const when = (rules: Partial<AlertRules>, given: Partial<AlertFacts>, before: readonly string[] = []) => {
  const { tell, open } = decideUserAlerts({ ...nothing, ...rules }, facts(given), new Set(before));
  return { told: tell.map(({ key }) => key), open };
};

describe('a balance below X', () => {
  const rules = { belowQuota: 100n };

  it('is told of when it is below, not at it', () => {
    expect(when(rules, { balance: 100n })).toEqual({ told: [], open: [] });
    expect(when(rules, { balance: 99n })).toEqual({ told: ['balance'], open: ['balance'] });
    expect(when(rules, { balance: -5n })).toEqual({ told: ['balance'], open: ['balance'] });
  });

  it('is told of once, however it wavers around X', () => {
    expect(when(rules, { balance: 50n }, ['balance'])).toEqual({ told: [], open: ['balance'] });
    expect(when(rules, { balance: 119n }, ['balance'])).toEqual({ told: [], open: ['balance'] });
  });

  it('is told of again once it was a fifth above', () => {
    expect(when(rules, { balance: 120n }, ['balance'])).toEqual({ told: [], open: [] });
    expect(when(rules, { balance: 99n }, [])).toEqual({ told: ['balance'], open: ['balance'] });
  });

  it('ends where nobody wants to know any more', () => {
    expect(when({}, { balance: 5n }, ['balance'])).toEqual({ told: [], open: [] });
  });
});

describe('a key', () => {
  const key = (used: bigint) => ({ keys: [{ tokenId: 7, used, limit: 1_000n }] });
  const rules = { keyUse: true };

  it.each([
    [799n, [], []],
    [800n, ['key/7/80'], ['key/7/80']],
    // Who is told that it is used up need not hear of four fifths.
    [1_000n, ['key/7/100'], ['key/7/100', 'key/7/80']],
    [1_400n, ['key/7/100'], ['key/7/100', 'key/7/80']],
  ])('that has used %s of 1,000', (used, told, open) => {
    expect(when(rules, key(used))).toEqual({ told, open });
  });

  it('is told of at 100 after it was at 80', () => {
    expect(when(rules, key(1_000n), ['key/7/80'])).toEqual({
      told: ['key/7/100'],
      open: ['key/7/100', 'key/7/80'],
    });
  });

  it('is told of again after a reset, or a limit that is well above', () => {
    const both = ['key/7/100', 'key/7/80'];
    expect(when(rules, key(950n), both)).toEqual({ told: [], open: both });
    expect(when(rules, key(890n), both)).toEqual({ told: [], open: ['key/7/80'] });
    expect(when(rules, key(0n), both)).toEqual({ told: [], open: [] });
    expect(when(rules, key(850n), [])).toEqual({ told: ['key/7/80'], open: ['key/7/80'] });
  });
});

describe('an unusual day', () => {
  const usd = (dollars: number) => BigInt(dollars * 500_000);
  const day = (spent: bigint, before: readonly bigint[]): { spending: Spending } => ({
    spending: { day: '2026-11-28', spent, before },
  });
  const rules = { unusualDay: true };
  const usual = [usd(2), usd(1), usd(3)];

  it('costs more than three times what days usually do', () => {
    expect(when(rules, day(usd(6), usual)).told).toEqual([]);
    expect(when(rules, day(usd(6) + 1n, usual)).told).toEqual(['day/2026-11-28']);
  });

  it('is told of once', () => {
    expect(when(rules, day(usd(60), usual), ['day/2026-11-28']).told).toEqual([]);
    expect(when(rules, day(usd(60), usual), ['day/2026-11-27']).told).toEqual(['day/2026-11-28']);
  });

  it('is none where there is too little to compare with, or too little spent', () => {
    expect(when(rules, day(usd(60), [usd(1), usd(1)])).told).toEqual([]);
    expect(when(rules, day(499_999n, [1n, 1n, 1n])).told).toEqual([]);
    expect(when(rules, { spending: undefined }).told).toEqual([]);
  });
});
