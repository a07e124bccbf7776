const WINDOW_MS = 60_000;

/** Calls of each key in the current minute of this process. One small map, thrown away each minute. */
export class RateLimit {
  private windowEndsMs = 0;
  private counts = new Map<number, number>();

  constructor(private readonly callsPerMinute: number) {}

  /** Counts a call. Undefined: it may go on; otherwise milliseconds until it may be tried again. */
  refuse(tokenId: number): number | undefined {
    if (this.callsPerMinute === 0) return undefined;
    const now = performance.now();
    if (now >= this.windowEndsMs) {
      this.windowEndsMs = now + WINDOW_MS;
      this.counts = new Map();
    }
    const count = (this.counts.get(tokenId) ?? 0) + 1;
    if (count > this.callsPerMinute) return this.windowEndsMs - now;
    this.counts.set(tokenId, count);
    return undefined;
  }
}
