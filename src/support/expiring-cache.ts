/** The last `size` values read, each for `ttlMs` at most: another process may have changed what they were read from. */
export class ExpiringCache<Key, Value> {
  private readonly entries = new Map<Key, { readonly value: Value; readonly untilMs: number }>();

  constructor(
    private readonly size: number,
    private readonly ttlMs: number,
  ) {}

  get(key: Key): Value | undefined {
    const entry = this.entries.get(key);
    if (entry && entry.untilMs > performance.now()) return entry.value;
    this.entries.delete(key);
    return undefined;
  }

  set(key: Key, value: Value): void {
    this.entries.delete(key);
    this.entries.set(key, { value, untilMs: performance.now() + this.ttlMs });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.size) break;
      this.entries.delete(oldest);
    }
  }

  delete(key: Key): void {
    this.entries.delete(key);
  }
}
