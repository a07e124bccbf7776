const SLOW_MS = 1_000;

/** How many events to ask for: grows while full batches are applied quickly, shrinks when one takes long. */
export class BatchSize {
  private current: number;

  /** Above 2,000 events a batch gains nothing measurable and holds its locks longer. */
  constructor(private readonly max = 2_000) {
    this.current = Math.min(500, max);
  }

  get limit(): number {
    return this.current;
  }

  /** @param full the batch had as many events as were asked for */
  measured(full: boolean, durationMs: number): void {
    if (durationMs > SLOW_MS) this.current = Math.max(1, Math.floor(this.current / 2));
    else if (full) this.current = Math.min(this.max, this.current * 2);
  }
}
