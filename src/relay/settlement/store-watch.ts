import type { EventStore } from '../../eventstore/event-store.js';
import { withDeadline } from '../../support/deadline.js';
import type { Log } from '../../support/log.js';
import { repeat } from '../../support/repeat.js';

const CHECK_EVERY_MS = 2_000;
const CHECK_WITHIN_MS = 2_000;
const FIRST_PROBE_MS = 200;
const LONGEST_PROBE_MS = 2_000;
const TICK_MS = 100;

export interface StoreWatchOptions {
  readonly store: Pick<EventStore, 'checkHealth'>;
  readonly now: () => number;
  readonly log: Log;
  /** Run when the store answers again, before it counts as reachable. A rejection means that it is not usable after all. */
  readonly whenBack: () => Promise<void>;
}

/** Knows whether the event store can be reached: from what callers report, and from its own checks when nobody reports. */
export class StoreWatch {
  #reachable = false;
  #checkAtMs = 0;
  #probeMs = FIRST_PROBE_MS;
  #stop: (() => Promise<void>) | undefined;

  constructor(private readonly options: StoreWatchOptions) {}

  get reachable(): boolean {
    return this.#reachable;
  }

  async start(): Promise<void> {
    await this.#check();
    this.#stop = repeat(TICK_MS, async () => {
      if (this.options.now() >= this.#checkAtMs) await this.#check();
      return TICK_MS;
    });
  }

  async stop(): Promise<void> {
    await this.#stop?.();
    this.#reachable = false;
  }

  /** An append worked: no check is needed for a while. */
  succeeded(): void {
    if (this.#reachable) this.#checkAtMs = this.options.now() + CHECK_EVERY_MS;
  }

  /** An append was not answered. */
  failed(cause: unknown): void {
    if (this.#reachable) this.options.log.warn({ err: cause }, 'the event store cannot be reached');
    this.#reachable = false;
    this.#checkAtMs = Math.min(this.#checkAtMs, this.options.now() + this.#probeMs);
  }

  async #check(): Promise<void> {
    try {
      await withDeadline(this.options.store.checkHealth(), CHECK_WITHIN_MS);
      if (!this.#reachable) {
        await this.options.whenBack();
        this.#reachable = true;
        this.options.log.info({}, 'the event store can be reached');
      }
      this.#probeMs = FIRST_PROBE_MS;
      this.#checkAtMs = this.options.now() + CHECK_EVERY_MS;
    } catch (error) {
      this.failed(error);
      this.#checkAtMs = this.options.now() + this.#probeMs;
      this.#probeMs = Math.min(this.#probeMs * 2, LONGEST_PROBE_MS);
    }
  }
}
