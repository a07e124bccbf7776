import { EventStoreUnavailable, type AppendOutcome } from '../event-store.js';
import type { AppendRequest } from './append-request.js';

interface Waiting {
  readonly request: AppendRequest;
  readonly since: number;
  readonly resolve: (outcome: AppendOutcome) => void;
}

const MAX_CALLS_IN_BATCH = 500;
const MAX_CHARACTERS_IN_BATCH = 2 * 1024 * 1024;
const MAX_WAITING = 10_000;

/**
 * Calls that arrive while a batch is on its way to the database travel together in the next one: one round trip and one flush to
 * disk for all of them. Nothing waits when nothing is on its way. A second batch in flight would only queue for the lock of the
 * first: with 64 writers that think for 10 ms it cost 10 to 30 % of the rate and half as much again of the 99th percentile.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private onItsWay = false;
  private drained: (() => void)[] = [];

  /**
   * @param send must answer one outcome for each request, in order, and never reject
   * @param maxWaitMs a call that is not on its way after this is answered `unavailable`
   */
  constructor(
    private readonly send: (requests: readonly AppendRequest[]) => Promise<readonly AppendOutcome[]>,
    private readonly maxWaitMs: number,
  ) {}

  submit(request: AppendRequest): Promise<AppendOutcome> {
    if (this.waiting.length >= MAX_WAITING)
      return Promise.resolve(unavailable('too many appends are waiting'));
    return new Promise((resolve) => {
      this.waiting.push({ request, since: performance.now(), resolve });
      // Not at once: what else is appended in this turn belongs to the same batch.
      if (this.waiting.length === 1) queueMicrotask(() => this.dispatch());
    });
  }

  /** Resolves when nothing waits and nothing is on its way. */
  drain(): Promise<void> {
    if (!this.onItsWay && this.waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.drained.push(resolve));
  }

  private dispatch(): void {
    while (!this.onItsWay && this.waiting.length > 0) {
      const batch = this.takeBatch();
      if (batch.length > 0) void this.deliver(batch);
    }
    if (this.onItsWay) return;
    for (const resolve of this.drained.splice(0)) resolve();
  }

  private takeBatch(): Waiting[] {
    const tooOld = performance.now() - this.maxWaitMs;
    const batch: Waiting[] = [];
    let characters = 0;
    let taken = 0;
    for (const waiting of this.waiting) {
      characters += waiting.request.size;
      if (batch.length === MAX_CALLS_IN_BATCH || (batch.length > 0 && characters > MAX_CHARACTERS_IN_BATCH))
        break;
      taken++;
      if (waiting.since >= tooOld) batch.push(waiting);
      else waiting.resolve(unavailable('the event store is too slow: the append was not sent in time'));
    }
    this.waiting = this.waiting.slice(taken);
    return batch;
  }

  private async deliver(batch: readonly Waiting[]): Promise<void> {
    this.onItsWay = true;
    const outcomes = await this.send(batch.map(({ request }) => request));
    this.onItsWay = false;
    batch.forEach(({ resolve }, index) => {
      resolve(outcomes[index] ?? { outcome: 'unknown', cause: new Error('the batch was answered in part') });
    });
    this.dispatch();
  }
}

export function unavailable(message: string, cause?: unknown): AppendOutcome {
  return { outcome: 'unavailable', cause: new EventStoreUnavailable(message, { cause }) };
}
