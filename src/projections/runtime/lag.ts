import type { EventStore } from '../../eventstore/event-store.js';

interface Measured {
  /** Undefined while the log cannot be read: then nobody knows, and an old figure would be a lie. */
  readonly lagPositions: bigint | undefined;
  readonly lagSeconds: number | undefined;
}

/** How far the tables are behind the log, measured when somebody asks: two small reads. */
export class Lag {
  constructor(
    private readonly store: EventStore,
    private readonly now: () => Date,
  ) {}

  async measure(position: bigint): Promise<Measured> {
    try {
      const head = await this.store.head();
      if (head <= position) return { lagPositions: 0n, lagSeconds: 0 };
      return { lagPositions: head - position, lagSeconds: await this.ageOfNext(position) };
    } catch {
      // Whether the log is there is for the health check to say.
      return { lagPositions: undefined, lagSeconds: undefined };
    }
  }

  private async ageOfNext(position: bigint): Promise<number> {
    const { events } = await this.store.readAll({ after: position, limit: 1 });
    const [oldest] = events;
    return oldest ? Math.max(0, (this.now().getTime() - oldest.recordedAt.getTime()) / 1000) : 0;
  }
}
