import {
  BEFORE_FIRST,
  EventStoreUnavailable,
  type AppendOutcome,
  type EventStore,
  type LogPage,
  type LogQuery,
  type RecordedEvent,
  type StreamWrite,
} from '../event-store.js';
import { assertReadLimit, textsWithinLimits } from '../limits.js';
import { appendInOrder } from './append.js';
import { Connection, type Attempt, type Log } from './connection.js';
import { parseConnectionString } from './connection-string.js';
import { Doorbell } from './doorbell.js';
import { NotSent, isStreamNotFound } from './failures.js';
import { LogClient } from './log-client.js';
import { isSystemEvent, recordedEvent } from './recorded-event.js';

export interface EventStoreDbOptions {
  /** `esdb://[user:password@]host:port[,host:port]?tls=true|false`; a cluster needs three hosts. */
  readonly connectionString: string;
  /** Of each call of the port as a whole, in milliseconds. */
  readonly deadlineMs: number;
  readonly log?: Log;
}

/** How many events are looked at, at a time, for the last one that is not a system event. */
const HEAD_PAGES = [4, 64, 1024] as const;

/**
 * The production log: EventStoreDB 22.6 or later. A write is one call to the server, so `atomicity` is 'each-write'.
 * Connects when first used and again whenever the connection breaks.
 *
 * @throws Error when the connection string cannot be used
 */
export function createEventStoreDb({ connectionString, deadlineMs, log }: EventStoreDbOptions): EventStore {
  const settings = parseConnectionString(connectionString);
  const connection = new Connection((generation) => new LogClient(settings, generation), log);
  return new EventStoreDb(connection, new Doorbell(connection, deadlineMs, log), deadlineMs);
}

class EventStoreDb implements EventStore {
  readonly atomicity = 'each-write';
  readonly positions = 'ascending';
  readonly #underWay = new Set<Promise<AppendOutcome>>();
  #closed = false;

  constructor(
    private readonly connection: Connection,
    private readonly doorbell: Doorbell,
    private readonly deadlineMs: number,
  ) {}

  async append(writes: readonly StreamWrite[]): Promise<AppendOutcome> {
    textsWithinLimits(writes);
    if (this.#closed) return { outcome: 'unavailable', cause: new NotSent('the event store is closed') };
    const work = appendInOrder(this.connection, writes, this.deadlineMs);
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
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
    const found = await this.#read(this.deadlineMs, async ({ client, signal }) => {
      try {
        return await client.readStream(stream, from, { direction, limit, signal });
      } catch (error) {
        if (isStreamNotFound(error)) return [];
        throw error;
      }
    });
    return found.map(recordedEvent);
  }

  /** One more than asked for is read, since the server begins with the event at `after`. */
  async readAll({ after, limit, onEvent }: LogQuery): Promise<LogPage> {
    assertReadLimit(limit);
    const from = after < 0n ? undefined : after;
    const found = await this.#read(this.deadlineMs, ({ client, signal }) =>
      client.readAll(from, { direction: 'forwards', limit: limit + 1, signal }),
    );
    const later = found.map(recordedEvent).filter(({ position }) => position > after);
    const page = later.slice(0, limit);
    const events = page.filter((event) => !isSystemEvent({ streamId: event.stream }));
    if (onEvent) events.forEach(onEvent);
    return {
      events: onEvent ? [] : events,
      position: page.at(-1)?.position ?? after,
      atEnd: found.length <= limit,
    };
  }

  async head(): Promise<bigint> {
    const until = performance.now() + this.deadlineMs;
    let before: bigint | undefined;
    for (let page = 0; ; page++) {
      const limit = HEAD_PAGES[page] ?? HEAD_PAGES[2];
      const found = await this.#read(until - performance.now(), ({ client, signal }) =>
        client.readAll(before, { direction: 'backwards', limit, signal }),
      );
      const last = found.find((event) => !isSystemEvent(event));
      if (last !== undefined) return recordedEvent(last).position;
      const oldest = found.at(-1);
      const reached = oldest && recordedEvent(oldest).position;
      if (reached === undefined || reached === before) return BEFORE_FIRST;
      before = reached;
    }
  }

  subscribe(onAppend: () => void): () => void {
    return this.#closed ? () => undefined : this.doorbell.add(onAppend);
  }

  async checkHealth(): Promise<void> {
    await this.#read(this.deadlineMs, ({ client, signal }) =>
      client.readAll(undefined, { direction: 'backwards', limit: 1, signal }),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.doorbell.close();
    // Each of them ends at its deadline at the latest.
    await Promise.allSettled(this.#underWay);
    this.connection.close();
  }

  async #read<T>(deadlineMs: number, call: (attempt: Attempt) => Promise<T>): Promise<T> {
    if (this.#closed) throw new EventStoreUnavailable('the event store is closed');
    try {
      return await this.connection.run(deadlineMs, call);
    } catch (error) {
      throw new EventStoreUnavailable('the event store cannot be read', { cause: error });
    }
  }
}
