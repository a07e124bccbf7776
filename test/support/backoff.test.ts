import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pauseMs } from '../../src/support/backoff.js';

describe('a pause after a failure', () => {
  it('is random, doubles at most, and is never longer than the longest', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(100_000), fc.nat(1_000), (baseDelayMs, maxDelayMs, attempt) => {
        const pause = pauseMs({ baseDelayMs, maxDelayMs }, attempt);
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(Math.min(maxDelayMs, baseDelayMs * 2 ** attempt));
      }),
    );
    const drawn = new Set(Array.from({ length: 20 }, () => pauseMs({ baseDelayMs: 1, maxDelayMs: 1 }, 0)));
    expect(drawn.size).toBeGreaterThan(1);
  });
});
