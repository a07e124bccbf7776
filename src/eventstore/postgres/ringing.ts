/** Listeners let events come together for longer than this. */
const BETWEEN_RINGS_MS = 100;

/**
 * When a writer tells the listeners that it has appended: at once after a pause, then at most ten times a second, and once more after the
 * last append. Telling costs the database a part of what the append does, and every listener wakes for it. Whoever waits for what he
 * wrote tells the projectors himself; what is lost with this process is found when listeners look by themselves.
 */
export class Ringing {
  private lastMs = -Infinity;
  private later: NodeJS.Timeout | undefined;

  /** @param ring tells the listeners; must not reject */
  constructor(private readonly ring: () => Promise<void>) {}

  /**
   * Whether an append that is sent now is to tell, of itself and of all before it. It counts as told from here on, since the append may take
   * long; where it was not stored, that is owed again.
   */
  claim(): boolean {
    if (this.leftMs() > 0) return false;
    this.rung();
    return true;
  }

  /** An append was stored and told nobody, or one that was to tell was not stored: that is done later, unless another one does. */
  owe(): void {
    this.later ??= setTimeout(() => void this.now(), this.leftMs()).unref();
  }

  /** Tells what is still to be told. */
  async flush(): Promise<void> {
    if (this.later) await this.now();
  }

  private async now(): Promise<void> {
    this.rung();
    await this.ring();
  }

  private rung(): void {
    this.lastMs = performance.now();
    clearTimeout(this.later);
    this.later = undefined;
  }

  private leftMs(): number {
    return this.lastMs + BETWEEN_RINGS_MS - performance.now();
  }
}
