import { HttpFailure } from '../failure.js';
import type { RateLimit } from '../ports.js';

interface Bucket {
  tokens: number;
  refilledAtMs: number;
}

/** A token bucket for each caller, in this process. There are as many buckets as service keys: few. */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

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
    if (bucket.tokens < 1) throw tooMany(Math.ceil((1 - bucket.tokens) / this.limit.perSecond));
    bucket.tokens -= 1;
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
