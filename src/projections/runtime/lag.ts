import type { EventStore } from '../../eventstore/event-store.js';

interface Measured {
  /** Undefined while the log cannot be read: then nobody knows, and an old figure would be a lie. */
  readonly lagPositions: bigint | undefined;
  readonly lagSeconds: number | undefined;
}

/** Where the next event is somebody else's. */
const EVENTS_A_PAGE = 1_000;

/** How far the tables are behind the log, measured when somebody asks: two small reads, where nobody else writes to the log. */
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

  /** What others wrote in between is no part of a page. */
  private async ageOfNext(position: bigint): Promise<number> {
    for (let after = position, limit = 1; ; limit = EVENTS_A_PAGE) {
      const { events, position: next, atEnd } = await this.store.readAll({ after, limit });
      const [oldest] = events;
      if (oldest) return Math.max(0, (this.now().getTime() - oldest.recordedAt.getTime()) / 1000);
      if (atEnd) return 0;
      after = next;
    }
  }
}
