/* oxlint-disable typescript/require-await -- the port is asynchronous; here nothing waits, which is what makes each method atomic */
import {
  type CountedCall,
  type Counts,
  type LimitCounters,
  MINUTE_MS,
  OPEN_CALL_LEASE_MS,
  type Reading,
} from './limit-counters.js';
import { fits } from './window.js';

interface Minute {
  requests: number;
  tokens: number;
}

const NONE: Minute = { requests: 0, tokens: 0 };

/** The counters where there is one process only. What is older than the minute before is forgotten. */
export class InProcessLimitCounters implements LimitCounters {
  private readonly minutes = new Map<number, Map<string, Minute>>();
  private readonly open = new Map<string, Map<string, number>>();

  /** @param now milliseconds, of a clock that never goes back */
  constructor(private readonly now: () => number) {}

  async admit(call: CountedCall): Promise<Reading> {
    const { callId, buckets, tokens, isCounted = false } = call;
    const now = this.now();
    const minute = Math.floor(now / MINUTE_MS);
    const elapsedMs = Math.floor(now - minute * MINUTE_MS);
    for (const known of this.minutes.keys()) if (known < minute - 1) this.minutes.delete(known);
    const counts = buckets.map(({ name }) => this.counted(name, minute, now));
    const admitted = buckets.every(({ limit }, at) => fits(limit, counts[at] as Counts, elapsedMs, call));
    if (admitted) {
      for (const { name } of buckets) {
        const running = this.running(minute, name);
        running.tokens += tokens;
        if (isCounted) continue;
        running.requests++;
        const calls = this.open.get(name) ?? new Map<string, number>();
        this.open.set(name, calls.set(callId, now + OPEN_CALL_LEASE_MS));
      }
    }
    return { admitted, minute, elapsedMs, counts };
  }

  async settle({ callId, buckets }: CountedCall, minute: number, moreTokens: number): Promise<void> {
    for (const { name } of buckets) {
      const counted = this.minutes.get(minute)?.get(name);
      if (counted) counted.tokens += moreTokens;
      const calls = this.open.get(name);
      calls?.delete(callId);
      if (calls?.size === 0) this.open.delete(name);
    }
  }

  async renew(calls: readonly CountedCall[]): Promise<void> {
    const expiresAt = this.now() + OPEN_CALL_LEASE_MS;
    for (const { callId, buckets } of calls)
      for (const { name } of buckets) this.open.get(name)?.set(callId, expiresAt);
  }

  async close(): Promise<void> {
    // Nothing is held.
  }

  private counted(name: string, minute: number, now: number): Counts {
    const { requests, tokens } = this.minutes.get(minute)?.get(name) ?? NONE;
    const before = this.minutes.get(minute - 1)?.get(name) ?? NONE;
    const calls = this.open.get(name);
    for (const [callId, expiresAt] of calls ?? []) if (expiresAt <= now) calls?.delete(callId);
    return {
      requests,
      requestsBefore: before.requests,
      tokens,
      tokensBefore: before.tokens,
      calls: calls?.size ?? 0,
    };
  }

  private running(minute: number, name: string): Minute {
    const all = this.minutes.get(minute) ?? new Map<string, Minute>();
    this.minutes.set(minute, all);
    const running = all.get(name) ?? { requests: 0, tokens: 0 };
    all.set(name, running);
    return running;
  }
}
