import type { EventStore } from '../../eventstore/event-store.js';
import { pauseMs } from '../../support/backoff.js';
import { withDeadline } from '../../support/deadline.js';
import type { Log } from '../../support/log.js';
import { repeat } from '../../support/repeat.js';

const CHECK_EVERY_MS = 2_000;
const CHECK_WITHIN_MS = 2_000;
const PROBES = { baseDelayMs: 400, maxDelayMs: 2_000 };
const TICK_MS = 100;

export interface StoreWatchOptions {
  readonly store: Pick<EventStore, 'checkHealth'>;
  /** Milliseconds of a clock that is never set: with one that is set back, the store would not be looked at for as long. */
  readonly now: () => number;
  readonly log: Log;
  /** Run when the store answers again, before it counts as reachable. A rejection means that it is not usable after all. */
  readonly whenBack: () => Promise<void>;
}

/** Knows whether the event store can be reached: from what callers report, and from its own checks when nobody reports. */
export class StoreWatch {
  private answers = false;
  private checkAtMs = 0;
  private failures = 0;
  private stopTicking: (() => Promise<void>) | undefined;

  constructor(private readonly options: StoreWatchOptions) {}

  get reachable(): boolean {
    return this.answers;
  }

  async start(): Promise<void> {
    await this.check();
    this.stopTicking = repeat(TICK_MS, async () => {
      if (this.options.now() >= this.checkAtMs) await this.check();
      return TICK_MS;
    });
  }

  async stop(): Promise<void> {
    await this.stopTicking?.();
    this.answers = false;
  }

  /** An append worked: no check is needed for a while. */
  succeeded(): void {
    if (this.answers) this.checkAtMs = this.options.now() + CHECK_EVERY_MS;
  }

  /** An append was not answered. */
  failed(cause: unknown): void {
    if (!this.answers) return;
    this.options.log.warn({ err: cause }, 'the event store cannot be reached');
    this.answers = false;
    this.checkAtMs = Math.min(this.checkAtMs, this.options.now() + pauseMs(PROBES, 0));
  }

  private async check(): Promise<void> {
    try {
      await withDeadline(this.options.store.checkHealth(), CHECK_WITHIN_MS);
      if (!this.answers) {
        await this.options.whenBack();
        this.answers = true;
        this.options.log.info({}, 'the event store can be reached');
      }
      this.failures = 0;
      this.checkAtMs = this.options.now() + CHECK_EVERY_MS;
    } catch (error) {
      this.failed(error);
      this.checkAtMs = this.options.now() + pauseMs(PROBES, this.failures++);
    }
  }
}
