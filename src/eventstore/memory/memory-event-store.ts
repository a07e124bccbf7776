import {
  BEFORE_FIRST,
  EventStoreUnavailable,
  type AppendOutcome,
  type EventStore,
  type JsonObject,
  type LogPage,
  type LogQuery,
  type RecordedEvent,
  type StreamWrite,
} from '../event-store.js';
import { assertReadLimit, type EventText, textsWithinLimits } from '../limits.js';
import type { Seals } from '../seals.js';
import { MemoryLog } from './memory-log.js';

/**
 * The event store of unit tests: everything in this process, lost with it.
 *
 * @param options.now clock of `recordedAt`
 * @param options.seals seals what is appended
 * @param options.log a log to share with other stores (another client of the same server); a new one by default
 */
export function createMemoryEventStore(
  options: { now?: () => Date; log?: MemoryLog; seals?: Seals } = {},
): EventStore {
  const { now = () => new Date(), log = new MemoryLog(now), seals } = options;
  return new MemoryEventStore(log, seals);
}

class MemoryEventStore implements EventStore {
  readonly atomicity = 'all-writes';
  readonly positions = 'gap-free';
  private readonly stops = new Set<() => void>();
  private closed = false;

  constructor(
    private readonly log: MemoryLog,
    private readonly seals: Seals | undefined,
  ) {}

  async append(writes: readonly StreamWrite[]): Promise<AppendOutcome> {
    const texts = textsWithinLimits(writes, this.seals).values();
    if (this.closed)
      return { outcome: 'unavailable', cause: new EventStoreUnavailable('the event store is closed') };
    const outcome = this.log.append(this.seals ? writes.map((write) => asSealed(write, texts)) : writes);
    await Promise.resolve();
    return outcome;
  }

  async readStream(
    stream: string,
    {
      from,
      direction = 'forwards',
      limit,
    }: { from?: bigint; direction?: 'forwards' | 'backwards'; limit: number },
  ): Promise<readonly RecordedEvent[]> {
    assertReadLimit(limit);
    await this.checkHealth();
    const events = this.log.stream(stream);
    if (direction === 'forwards') {
      const first = Number(from ?? 0n);
      return events.slice(first, first + limit);
    }
    const last = Math.min(Number(from ?? events.length - 1), events.length - 1);
    return events.slice(Math.max(0, last - limit + 1), last + 1).reverse();
  }

  async readAll({ after, limit, onEvent }: LogQuery): Promise<LogPage> {
    assertReadLimit(limit);
    await this.checkHealth();
    const first = Number(after) + 1;
    const events = this.log.events.slice(first, first + limit);
    if (onEvent) events.forEach(onEvent);
    return {
      events: onEvent ? [] : events,
      position: events.at(-1)?.position ?? after,
      atEnd: first + limit >= this.log.events.length,
    };
  }

  async head(): Promise<bigint> {
    await this.checkHealth();
    return this.log.events.at(-1)?.position ?? BEFORE_FIRST;
  }

  async reaches(position: bigint): Promise<boolean> {
    return (await this.head()) >= position;
  }

  subscribe(onAppend: () => void): () => void {
    const stop = this.log.listen(onAppend);
    this.stops.add(stop);
    return () => {
      stop();
      this.stops.delete(stop);
    };
  }

  checkHealth(): Promise<void> {
    if (this.closed) return Promise.reject(new EventStoreUnavailable('the event store is closed'));
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closed = true;
    for (const stop of this.stops) stop();
    this.stops.clear();
    return Promise.resolve();
  }
}

const asSealed = (write: StreamWrite, texts: Iterator<EventText>): StreamWrite => ({
  ...write,
  events: write.events.map((event) => {
    const { metadata } = texts.next().value as EventText;
    return { ...event, metadata: JSON.parse(metadata) as JsonObject };
  }),
});
