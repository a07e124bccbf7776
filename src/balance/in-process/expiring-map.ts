/** A map whose entries are forgotten `ttlMs` after they were set; they leave in the order they came, so that purging is cheap. */
export class ExpiringMap<Key, Value> {
  private readonly entries = new Map<Key, { readonly value: Value; readonly until: number }>();

  constructor(
    private readonly ttlMs: number,
    private readonly nowMs: () => number,
  ) {}

  get(key: Key): Value | undefined {
    const entry = this.entries.get(key);
    return entry && entry.until > this.nowMs() ? entry.value : undefined;
  }

  set(key: Key, value: Value): void {
    const now = this.nowMs();
    this.purge(now);
    // Deleted first, so that it moves to the end of the order.
    this.entries.delete(key);
    this.entries.set(key, { value, until: now + this.ttlMs });
  }

  delete(key: Key): void {
    this.entries.delete(key);
  }

  private purge(now: number): void {
    for (const [key, { until }] of this.entries) {
      if (until > now) return;
      this.entries.delete(key);
    }
  }
}
