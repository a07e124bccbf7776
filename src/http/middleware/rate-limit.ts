import { HttpFailure } from '../failure.js';
import type { RateLimit } from '../ports.js';

interface Bucket {
  tokens: number;
  refilledAtMs: number;
}

/** So many buckets are kept before those that are full again, which say nothing, are looked for. */
const FEW = 1_000;

/** A token bucket for each caller of late, in this process: service keys, operators, and people who are signed in. */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();
  private sweepAt = FEW;

  constructor(
    private readonly limit: RateLimit,
    private readonly nowMs: () => number,
  ) {}

  /** Takes one token of the caller's; throws 429, with how long to wait, when there is none. */
  take(caller: string): void {
    const now = this.nowMs();
    const bucket = this.buckets.get(caller) ?? { tokens: this.limit.burst, refilledAtMs: now };
    const elapsedSeconds = Math.max(0, now - bucket.refilledAtMs) / 1000;
    bucket.tokens = Math.min(this.limit.burst, bucket.tokens + elapsedSeconds * this.limit.perSecond);
    bucket.refilledAtMs = now;
    this.buckets.set(caller, bucket);
    if (this.buckets.size > this.sweepAt) this.sweep(now);
    if (bucket.tokens < 1) throw tooMany(Math.ceil((1 - bucket.tokens) / this.limit.perSecond));
    bucket.tokens -= 1;
  }

  /** How many callers are known. */
  get size(): number {
    return this.buckets.size;
  }

  /** What would be full by now is as one that was never there. The next sweep waits until there are twice as many as are left. */
  private sweep(now: number): void {
    const { burst, perSecond } = this.limit;
    // Not the one that is being taken from: it was touched now.
    for (const [caller, { tokens, refilledAtMs }] of this.buckets)
      if (tokens + ((now - refilledAtMs) / 1000) * perSecond >= burst && refilledAtMs !== now)
        this.buckets.delete(caller);
    this.sweepAt = Math.max(FEW, 2 * this.buckets.size);
  }
}

function tooMany(retryAfterSeconds: number): HttpFailure {
  return new HttpFailure({
    status: 429,
    code: 'rate_limit_exceeded',
    text: { zh: '请求过于频繁，请稍后重试', en: 'Too many requests, please slow down' },
    headers: { 'Retry-After': Math.max(1, retryAfterSeconds).toString() },
  });
}
