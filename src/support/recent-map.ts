/**
 * A bounded map that keeps what was used last: entries in two generations, the older of which is dropped whole when the younger is full.
 * An entry that is used passes to the younger one. Nothing is deleted singly: in a Map that is always deleted from at its front, finding
 * the front costs as much as there are deleted entries, and its old tables keep each other alive until a full collection.
 */
export class RecentMap<Key, Value> {
  private younger = new Map<Key, Value>();
  private older = new Map<Key, Value>();

  /** @param max entries at most; at least half as many of those used last are there */
  constructor(private readonly max: number) {}

  /** Counts as a use. */
  get(key: Key): Value | undefined {
    const value = this.younger.get(key);
    if (value !== undefined) return value;
    const older = this.older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: Key, value: Value): void {
    this.younger.set(key, value);
    if (this.younger.size * 2 < this.max) return;
    this.older = this.younger;
    this.younger = new Map();
  }
}
