import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Counts, MINUTE_MS } from '../../../src/relay/limits/limit-counters.js';
import { allowanceOf, fits, refusalOf } from '../../../src/relay/limits/window.js';

const NOTHING: Counts = { requests: 0, requestsBefore: 0, tokens: 0, tokensBefore: 0, calls: 0 };

const callWith = (limit: Parameters<typeof fits>[0], tokens = 1) => ({
  callId: 'call',
  buckets: [{ name: 'key:1', limit }],
  tokens,
});

describe('the time until a refused call fits', () => {
  it('is enough, and never two seconds too much', () => {
    const count = fc.nat(200);
    const situation = fc.record({
      count,
      before: count,
      elapsedMs: fc.nat(MINUTE_MS - 1),
      needed: fc.integer({ min: 1, max: 50 }),
      limit: fc.integer({ min: 50, max: 150 }),
    });
    fc.assert(
      fc.property(situation, ({ count: tokens, before, elapsedMs, needed, limit }) => {
        const rule = { tokens_per_minute: limit };
        const counts = { ...NOTHING, tokens, tokensBefore: before };
        fc.pre(!fits(rule, counts, elapsedMs, { tokens: needed }));
        const call = callWith(rule, needed);
        const reading = { admitted: false, minute: 5, elapsedMs, counts: [counts] };
        const { kind, retryAfterMs, bucket } = refusalOf(call, reading);
        expect([kind, bucket]).toEqual(['tokens', 'key:1']);
        expect(fitsAfter(counts, elapsedMs, retryAfterMs, rule, needed)).toBe(true);
        if (retryAfterMs > 2_000)
          expect(fitsAfter(counts, elapsedMs, retryAfterMs - 2_000, rule, needed)).toBe(false);
      }),
    );
  });

  it('is a minute for what no window has room for', () => {
    const reading = { admitted: false, minute: 5, elapsedMs: 10_000, counts: [NOTHING] };
    expect(refusalOf(callWith({ tokens_per_minute: 10 }, 11), reading)).toEqual({
      bucket: 'key:1',
      kind: 'tokens',
      limit: 10,
      retryAfterMs: MINUTE_MS,
    });
  });
});

it('what is left is that of the bucket with the least room, after the call', () => {
  const call = {
    callId: 'call',
    tokens: 30,
    buckets: [
      { name: 'key:1', limit: { requests_per_minute: 10, tokens_per_minute: 100 } },
      { name: 'global', limit: { requests_per_minute: 5 } },
    ],
  };
  const counts = [
    { ...NOTHING, requests: 2, tokens: 40 },
    { ...NOTHING, requests: 2, requestsBefore: 2 },
  ];
  const reading = { admitted: true, minute: 5, elapsedMs: 30_000, counts };
  expect(allowanceOf('requests', call, reading)).toEqual({ limit: 5, remaining: 1, resetMs: 90_000 });
  expect(allowanceOf('tokens', call, reading)).toEqual({ limit: 100, remaining: 30, resetMs: 90_000 });
  expect(allowanceOf('tokens', { ...call, buckets: [] }, { ...reading, counts: [] })).toBeUndefined();
});

/** As the counters will be when nothing else is asked: the minute that runs becomes the one before. */
function fitsAfter(
  counts: Counts,
  elapsedMs: number,
  waitMs: number,
  rule: Parameters<typeof fits>[0],
  needed: number,
): boolean {
  const at = elapsedMs + waitMs;
  if (at < MINUTE_MS) return fits(rule, counts, at, { tokens: needed });
  if (at >= 2 * MINUTE_MS) return fits(rule, NOTHING, 0, { tokens: needed });
  return fits(rule, { ...NOTHING, tokensBefore: counts.tokens }, at - MINUTE_MS, { tokens: needed });
}
