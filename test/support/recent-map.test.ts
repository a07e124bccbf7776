import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { RecentMap } from '../../src/support/recent-map.js';

describe('RecentMap', () => {
  it('keeps what was used last, of at least half as many as it may hold, and forgets', () => {
    const map = new RecentMap<string, number>(4);
    for (const [at, key] of ['a', 'b', 'c'].entries()) map.set(key, at);
    expect(map.get('a')).toBe(0);
    map.set('d', 3);
    map.set('e', 4);
    expect(map.get('b')).toBeUndefined();
    expect(map.get('e')).toBe(4);
  });

  it('never answers another value than the last one set', () => {
    const step = fc.record({ key: fc.integer({ min: 0, max: 9 }), value: fc.option(fc.integer()) });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.array(step, { maxLength: 60 }), (max, steps) => {
        const map = new RecentMap<number, number>(max);
        const truth = new Map<number, number>();
        for (const { key, value } of steps) {
          const found = map.get(key);
          if (found !== undefined) expect(found).toBe(truth.get(key));
          if (value === null) continue;
          map.set(key, value);
          truth.set(key, value);
          expect(map.get(key)).toBe(value);
        }
      }),
    );
  });
});
