import { describe, expect, it } from '@jest/globals';
import { RateLimiter } from '../../src/http/middleware/rate-limit.js';

describe('the buckets of callers', () => {
  it('are emptied by requests and filled by time, each by itself', () => {
    let now = 0;
    const limiter = new RateLimiter({ burst: 2, perSecond: 1 }, () => now);
    limiter.take('a');
    limiter.take('a');
    expect(() => limiter.take('a')).toThrow('Too many requests');
    limiter.take('b');
    now = 1_000;
    limiter.take('a');
    expect(() => limiter.take('a')).toThrow('Too many requests');
  });

  it('are let go when they are full again, and no others: nobody gets a second burst by the number of callers', () => {
    let now = 0;
    const limiter = new RateLimiter({ burst: 2, perSecond: 1 }, () => now);
    for (let caller = 0; caller < 100_000; caller++) {
      now += 1;
      limiter.take(`account:${caller}`);
    }
    // Two thousand at most were seen within the two seconds in which a bucket fills; twice as many may wait for the next sweep.
    expect(limiter.size).toBeLessThan(5_000);
    limiter.take('busy');
    limiter.take('busy');
    for (let caller = 0; caller < 20_000; caller++) limiter.take(`crowd:${caller}`);
    expect(() => limiter.take('busy')).toThrow('Too many requests');
  });
});
