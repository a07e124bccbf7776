/** Two clocks that are further apart are not both right; what verify takes for a wrong date is twice as far. */
export const MOST_APART_MS = 5 * 60_000;
/** One that is kept is set by less than this at once. */
export const MOST_AT_ONCE_MS = 60_000;

export interface Clocks {
  /** Milliseconds since 1970; may be set. */
  readonly ofDay: () => number;
  /** Milliseconds since any time; is never set. Stands still where the machine is asleep. */
  readonly steady: () => number;
}

/**
 * The time of day, as far as it agrees with another's clock: goes on steadily from the last time that the two were compared, so that it is
 * right where the clock of this machine has been set since. Whether it may be relied on is asked first.
 */
export class ComparedClock {
  /** Of the day when the steady clock was at 0. */
  private origin: number;
  private apart: string | undefined;

  /**
   * @param readOther the time by the other clock
   * @param other what has it: `the database`
   */
  constructor(
    private readonly readOther: () => Promise<Date>,
    private readonly other: string,
    private readonly clocks: Clocks = { ofDay: () => Date.now(), steady: () => performance.now() },
  ) {
    this.origin = clocks.ofDay() - clocks.steady();
  }

  /** Whole milliseconds since 1970. */
  readonly now = (): number => Math.round(this.origin + this.clocks.steady());

  /** Why the time of this process is not to be relied on, in words; undefined where it is. */
  get fault(): string | undefined {
    if (this.apart !== undefined) return this.apart;
    const ahead = this.clocks.ofDay() - this.now();
    if (Math.abs(ahead) <= MOST_AT_ONCE_MS) return undefined;
    return `the clock of this process was set ${inWords(ahead)} at once, and is first compared with ${this.other}'s`;
  }

  /** Rejects with what `readOther` says; then nothing is known that was not known before. */
  async compare(): Promise<void> {
    const { ofDay, steady } = this.clocks;
    const asked = steady();
    const other = (await this.readOther()).getTime();
    const took = steady() - asked;
    const ahead = ofDay() - other;
    // The other one was read at some time since it was asked.
    const isAhead = ahead - took > MOST_APART_MS;
    const isBehind = ahead < -MOST_APART_MS;
    this.apart =
      isAhead || isBehind
        ? `the clock of this process differs from ${this.other}'s: it is ${inWords(ahead)}`
        : undefined;
    if (this.apart === undefined) this.origin = ofDay() - steady();
  }
}

const MINUTE_MS = 60_000;

/** `2 h 5 min ahead`, `7 min behind` */
function inWords(aheadMs: number): string {
  const minutes = Math.round(Math.abs(aheadMs) / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  const amount = hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
  return `${amount} ${aheadMs > 0 ? 'ahead' : 'behind'}`;
}
