import type { CachedBalance } from '../../balance/cached-balance.js';
import { backOff } from '../../support/backoff.js';
import type { Log } from '../../support/log.js';

export interface SettledHold {
  readonly holdId: string;
  readonly charge: bigint;
  readonly position: bigint;
}

const MAX_BATCH = 200;
const MAX_WAITING = 20_000;
const AFTER_FAILURE = { baseDelayMs: 100, maxDelayMs: 4_000 };
/** Longer outages of the cache end in lost leases or a rebuild, which resolve the holds as well. */
const MAX_FAILURES = 10;

/** Tells the cached balance which holds have become charges, in batches, after the caller has been answered. */
export class HoldSettler {
  private queue: SettledHold[] = [];
  private working: Promise<void> | undefined;

  constructor(
    private readonly balance: Pick<CachedBalance, 'settle'>,
    private readonly log: Log,
  ) {}

  get waiting(): number {
    return this.queue.length;
  }

  settle(hold: SettledHold): void {
    if (this.queue.length >= MAX_WAITING) {
      this.log.warn(
        { holdId: hold.holdId },
        'too many holds wait to be settled: this one is left to its lease',
      );
      return;
    }
    this.queue.push(hold);
    this.working ??= this.work();
  }

  /** Resolves when nothing waits any more. */
  async flush(): Promise<void> {
    await this.working;
  }

  private async work(): Promise<void> {
    let failures = 0;
    // Charges that become durable in the same tick travel together.
    await new Promise(setImmediate);
    while (this.queue.length > 0) {
      const batch = this.queue.slice(0, MAX_BATCH);
      try {
        await this.balance.settle(batch);
        this.queue.splice(0, batch.length);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === MAX_FAILURES) {
          this.log.warn(
            { err: error, holds: this.queue.length },
            'holds could not be settled: they are left to their leases',
          );
          this.queue = [];
          break;
        }
        await backOff(AFTER_FAILURE, failures);
      }
    }
    this.working = undefined;
  }
}
