/** Counts calls by key, to find those of which there are many: one window after the other, so that what is not busy is forgotten. */
export class BusyKeys {
  private readonly counts = new Map<string, number>();
  private endsAtMs = 0;

  constructor(
    private readonly many: number,
    private readonly windowMs: number,
  ) {}

  /** One more call. True for the one with which they are many, once in a window. */
  count(key: string, nowMs: number): boolean {
    if (nowMs >= this.endsAtMs) {
      this.counts.clear();
      this.endsAtMs = nowMs + this.windowMs;
    }
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count === this.many;
  }
}
