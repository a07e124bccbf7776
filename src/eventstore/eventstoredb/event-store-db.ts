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
import { WrongLog } from '../wrong-log.js';
import { appendInOrder } from './append.js';
import { withDeadline } from '../../support/deadline.js';
import type { Admission } from '../log-trust.js';
import { Connection, type Attempt, type Caller, type Log } from './connection.js';
import { parseConnectionString } from './connection-string.js';
import { Doorbell } from './doorbell.js';
import { NotSent, isInvalidPosition, isStreamNotFound } from './failures.js';
import { LogClient } from './log-client.js';
import { isSystemEvent, recordedEvent } from './recorded-event.js';

export interface EventStoreDbOptions {
  /** `esdb://[user:password@]host:port[,host:port]?tls=true|false`; a cluster needs three hosts. */
  readonly connectionString: string;
  /** Of each call of the port as a whole, in milliseconds; of a page of the log, until its next event. */
  readonly deadlineMs: number;
  readonly log?: Log;
  /** Asked of every new connection but for listening. */
  readonly admit?: Admission;
}

/** How many events are looked at, at a time, for the last one that is not a system event. */
const HEAD_PAGES = [4, 64, 1024] as const;

/**
 * The production log: EventStoreDB 22.6 or later. A write is one call to the server, so `atomicity` is 'each-write'.
 * Connects when first used and again whenever the connection breaks.
 *
 * @throws Error when the connection string cannot be used
 */
export function createEventStoreDb(options: EventStoreDbOptions): EventStore {
  const { admit, connectionString, deadlineMs, log } = options;
  const settings = parseConnectionString(connectionString);
  const connection = new Connection(
    (generation) => new LogClient(settings, generation),
    log,
    admit && ((client) => admit(new EventStoreDb(callsOn(client), undefined, deadlineMs))),
  );
  return new EventStoreDb(connection, new Doorbell(connection, deadlineMs, log), deadlineMs);
}

/** Without a second try and without consequences: for the admission of the client itself. */
const callsOn = (client: LogClient): Caller => ({
  run: (deadlineMs, call) => {
    const giveUp = new AbortController();
    return withDeadline(
      call({ client, deadlineMs, signal: giveUp.signal, alive: () => undefined }),
      deadlineMs,
      () => giveUp.abort(),
    );
  },
  close: () => undefined,
});

class EventStoreDb implements EventStore {
  readonly atomicity = 'each-write';
  readonly positions = 'ascending';
  private readonly underWay = new Set<Promise<AppendOutcome>>();
  private closed = false;

  constructor(
    private readonly connection: Caller,
    private readonly doorbell: Doorbell | undefined,
    private readonly deadlineMs: number,
  ) {}

  async append(writes: readonly StreamWrite[]): Promise<AppendOutcome> {
    textsWithinLimits(writes);
    if (this.closed) return { outcome: 'unavailable', cause: new NotSent('the event store is closed') };
    const work = appendInOrder(this.connection, writes, this.deadlineMs);
    this.underWay.add(work);
    try {
      return await work;
    } finally {
      this.underWay.delete(work);
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
    const found = await this.read(this.deadlineMs, async ({ client, signal }) => {
      try {
        return await client.readStream(stream, from, { direction, limit, signal });
      } catch (error) {
        if (isStreamNotFound(error)) return [];
        throw error;
      }
    });
    return found.map(recordedEvent);
  }

  /**
   * One more than asked for is read, since the server begins with the event at `after`. The deadline is of its next event: a large page
   * from a slow server would else be given up and asked for again for ever.
   */
  async readAll({ after, limit, onEvent }: LogQuery): Promise<LogPage> {
    assertReadLimit(limit);
    const from = after < 0n ? undefined : after;
    const found = await this.read(this.deadlineMs, ({ client, signal, alive }) =>
      client.readAll(from, { direction: 'forwards', limit: limit + 1, signal, alive }),
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
      const found = await this.read(until - performance.now(), ({ client, signal }) =>
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

  /** What was met in the log can be read from; a place beyond its end, or one that is none in this log, cannot. */
  async reaches(position: bigint): Promise<boolean> {
    if (position < 0n) return true;
    try {
      const [found] = await this.connection.run(this.deadlineMs, ({ client, signal }) =>
        client.readAll(position, { direction: 'forwards', limit: 1, signal }),
      );
      return found !== undefined;
    } catch (error) {
      if (isInvalidPosition(error)) return false;
      throw new EventStoreUnavailable('the event store cannot be read', { cause: error });
    }
  }

  subscribe(onAppend: () => void): () => void {
    return (this.closed ? undefined : this.doorbell?.add(onAppend)) ?? (() => undefined);
  }

  async checkHealth(): Promise<void> {
    await this.read(this.deadlineMs, ({ client, signal }) =>
      client.readAll(undefined, { direction: 'backwards', limit: 1, signal }),
    );
  }

  async close(): Promise<void> {
    this.closed = true;
    this.doorbell?.close();
    // Each of them ends at its deadline at the latest.
    await Promise.allSettled(this.underWay);
    this.connection.close();
  }

  private async read<T>(deadlineMs: number, call: (attempt: Attempt) => Promise<T>): Promise<T> {
    if (this.closed) throw new EventStoreUnavailable('the event store is closed');
    try {
      return await this.connection.run(deadlineMs, call);
    } catch (error) {
      if (isInvalidPosition(error)) throw noSuchPlace();
      throw new EventStoreUnavailable('the event store cannot be read', { cause: error });
    }
  }
}

/** Where our events were, there are none now. */
const noSuchPlace = (): WrongLog =>
  new WrongLog(
    'older',
    'expected to read on from a position that was met in the log; found that it is none of this log: it was put back to an older copy, or is another one. Bring the right log back, or restore it (docs/operators.md, "Which log").',
  );
