import type { EventStore } from '../../eventstore/event-store.js';

interface Measured {
  readonly lagPositions: bigint;
  readonly lagSeconds: number;
}

/** How far the tables are behind the log, measured when somebody asks: two small reads. */
export class Lag {
  #last: Measured = { lagPositions: 0n, lagSeconds: 0 };

  constructor(
    private readonly store: EventStore,
    private readonly now: () => Date,
  ) {}

  /** While the log does not answer: what was measured last. */
  async measure(position: bigint): Promise<Measured> {
    try {
      const head = await this.store.head();
      this.#last =
        head <= position
          ? { lagPositions: 0n, lagSeconds: 0 }
          : { lagPositions: head - position, lagSeconds: await this.#ageOfNext(position) };
    } catch {
      // Whether the log is there is for the health check to say.
    }
    return this.#last;
  }

  async #ageOfNext(position: bigint): Promise<number> {
    const { events } = await this.store.readAll({ after: position, limit: 1 });
    const [oldest] = events;
    return oldest ? Math.max(0, (this.now().getTime() - oldest.recordedAt.getTime()) / 1000) : 0;
  }
}
