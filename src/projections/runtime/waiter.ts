import type { Queryable } from './projection.js';
import { slowestPosition } from './checkpoints.js';

interface Waiter {
  readonly position: bigint;
  resolve(passed: boolean): void;
}

export interface PositionWaiterOptions {
  readonly db: Queryable;
  /** All of them must have passed a position. */
  readonly projections: readonly string[];
  /** The cache's last applied position, where there is a cache to wait for too; undefined when there is nothing to wait for. */
  readonly cachePosition?: (() => Promise<bigint | undefined>) | undefined;
  /** Default 5. */
  readonly pollIntervalMs?: number;
  /** Asks the projectors of other processes not to let more events come together. */
  readonly hurryElsewhere?: () => Promise<unknown>;
  /** Told of what was found passed. Must not throw. */
  readonly onPassed?: (position: bigint) => void;
}

/**
 * Lets callers read what they wrote: resolves when the projections have passed a position.
 *
 * Where a projector runs in this process it tells us (`attach`, then `advanced`). Otherwise the checkpoint is polled, with one query
 * for all waiters and none while nobody waits. Either way the projector hears that it is waited for.
 */
export class PositionWaiter {
  private readonly waiters = new Set<Waiter>();
  private passed = -1n;
  /** What the projectors do when they are waited for, for each that runs here. */
  private readonly projectorsHere = new Set<{ readonly hurry: () => void }>();
  private hurriedFor = -1n;
  private polling = false;
  /** How often all was forgotten, and after which of these times it was found again: until then it is asked for, whoever projects. */
  private forgotten = 0;
  private foundAfter = 0;

  constructor(private readonly options: PositionWaiterOptions) {}

  /** A projector runs here and will tell; no polling until the answer is called. `hurry` tells it that somebody waits. */
  attach(hurry: () => void = () => undefined): () => void {
    const projector = { hurry };
    this.projectorsHere.add(projector);
    return () => {
      this.projectorsHere.delete(projector);
      this.poll();
    };
  }

  /** Everything up to the position is in the read models and in the cache. */
  advanced(position: bigint): void {
    if (position > this.passed) {
      this.passed = position;
      this.options.onPassed?.(position);
    }
    for (const waiter of this.waiters) if (waiter.position <= this.passed) waiter.resolve(true);
  }

  /**
   * Nothing is known to be passed until it is found again: the database may have been lost with its power, and what projectors had just
   * committed into the tables is made again, from the log.
   */
  forget(): void {
    this.passed = -1n;
    this.forgotten += 1;
    this.poll();
  }

  /** True once the position has been passed, false when `timeoutMs` ran out first. Never rejects. */
  waitFor(position: bigint, timeoutMs: number): Promise<boolean> {
    if (position <= this.passed) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        position,
        resolve: (passed) => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          resolve(passed);
        },
      };
      const timer = setTimeout(() => waiter.resolve(false), timeoutMs);
      this.waiters.add(waiter);
      for (const { hurry } of this.projectorsHere) hurry();
      this.poll();
    });
  }

  private poll(): void {
    const isTold = this.projectorsHere.size > 0 && this.foundAfter === this.forgotten;
    if (this.polling || isTold || this.waiters.size === 0) return;
    this.polling = true;
    const { forgotten } = this;
    void this.readPosition().then((position) => {
      if (position !== undefined && forgotten === this.forgotten) {
        this.foundAfter = forgotten;
        this.advanced(position);
      }
      this.hurry();
      setTimeout(() => {
        this.polling = false;
        this.poll();
      }, this.options.pollIntervalMs ?? 5);
    });
  }

  /** Once for all that wait now: whoever reads the log after that reads what they wait for. */
  private hurry(): void {
    const { hurryElsewhere } = this.options;
    const last = [...this.waiters].reduce((most, { position }) => (position > most ? position : most), -1n);
    if (!hurryElsewhere || last <= this.hurriedFor) return;
    this.hurriedFor = last;
    // Without it they wait no longer than events come together.
    hurryElsewhere().catch(() => undefined);
  }

  private async readPosition(): Promise<bigint | undefined> {
    const { db, projections, cachePosition } = this.options;
    try {
      const position = await slowestPosition(db, projections);
      if (position === undefined || !cachePosition) return position;
      // Without a cache nothing stale can be held against; what is loaded later comes from the tables.
      const cached = await cachePosition().catch(() => undefined);
      return cached !== undefined && cached < position ? cached : position;
    } catch {
      // The waiters' own time runs on; whether the database is there is for the health check to say.
      return undefined;
    }
  }
}
