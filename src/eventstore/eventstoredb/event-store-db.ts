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
import { DeadlinePassed } from '../../support/deadline.js';
import { assertReadLimit, textsWithinLimits } from '../limits.js';
import { altered, WrongLog } from '../wrong-log.js';
import { appendInOrder, SHARE_OF_THE_FIRST } from './append.js';
import type { Admission } from '../log-trust.js';
import { callsOn, Connection, type Attempt, type Caller, type Log } from './connection.js';
import { parseConnectionString } from './connection-string.js';
import { Doorbell } from './doorbell.js';
import type { Seals } from '../seals.js';
import { assertNames } from './names.js';
import { NotSent, isInvalidPosition, isStreamDeleted, isStreamNotFound, toError } from './failures.js';
import { OneAtATime } from './one-at-a-time.js';
import { LogClient } from './log-client.js';
import { LogReader } from './log-reader.js';
import { ALL_STREAMS, filterOf, type OwnStreams } from './own-streams.js';
import { takenAway } from './taken-away.js';
import { isSystemEvent, kept, type WireEvent } from './wire/wire-event.js';

export interface EventStoreDbOptions {
  /** `esdb://[user:password@]host:port[,host:port]?tls=true|false`; a cluster needs three hosts. */
  readonly connectionString: string;
  /** Of each call of the port as a whole, in milliseconds; of a page of the log, until its next event. */
  readonly deadlineMs: number;
  readonly log?: Log;
  /** Asked of every new connection but for listening. */
  readonly admit?: Admission;
  /** Seals what is appended. */
  readonly seals?: Seals | undefined;
  /** Whose streams are looked after; default: all. */
  readonly ours?: OwnStreams;
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
  const { admit, connectionString, deadlineMs, ours = ALL_STREAMS, log, seals } = options;
  const shared = { deadlineMs, ours, seals };
  const settings = parseConnectionString(connectionString);
  const only = ours.prefixes && filterOf(ours.prefixes);
  const connection = new Connection(
    () => new LogClient(settings),
    log,
    admit && ((client) => admit(new EventStoreDb(callsOn(client), undefined, shared))),
  );
  return new EventStoreDb(connection, new Doorbell(connection, { deadlineMs, only, log }), shared);
}

class EventStoreDb implements EventStore {
  readonly atomicity = 'each-write';
  readonly positions = 'ascending';
  private readonly oneAtATime = new OneAtATime();
  private readonly underWay = new Set<Promise<AppendOutcome>>();
  private readonly deadlineMs: number;
  private readonly ours: OwnStreams;
  private readonly seals: Seals | undefined;
  private readonly reader: LogReader;
  private closed = false;

  constructor(
    private readonly connection: Caller,
    private readonly doorbell: Doorbell | undefined,
    { deadlineMs, ours, seals }: Required<Pick<EventStoreDbOptions, 'deadlineMs' | 'ours' | 'seals'>>,
  ) {
    this.deadlineMs = deadlineMs;
    this.ours = ours;
    this.seals = seals;
    this.reader = new LogReader((call) => this.read(this.deadlineMs, call), ours);
  }

  async append(writes: readonly StreamWrite[]): Promise<AppendOutcome> {
    assertNames(writes);
    const texts = textsWithinLimits(writes, this.seals);
    if (this.closed) return { outcome: 'unavailable', cause: new NotSent('the event store is closed') };
    const work = this.oneAtATime.run(writes, this.deadlineMs, (leftMs) =>
      appendInOrder(this.connection, writes, texts, leftMs),
    );
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
    const found = await this.found(stream, from, { direction, limit });
    return found.map(kept);
  }

  /**
   * The deadline is of its next event: a large page from a slow server would else be given up and asked for again for ever.
   */
  async readAll(query: LogQuery): Promise<LogPage> {
    assertReadLimit(query.limit);
    const { page, ofTheServer } = await this.reader.read(query);
    const taken = await takenAway(ofTheServer, this.ours.isOurs, (stream) => this.lastOf(stream));
    return { ...page, ...(taken.length > 0 && { taken }) };
  }

  private async lastOf(stream: string): Promise<WireEvent | undefined> {
    return (await this.found(stream, undefined, { direction: 'backwards', limit: 1 }))[0];
  }

  /** Nothing of a stream that is not there. Asked for again on another connection when half of the time has passed. @throws WrongLog for one that is gone for good */
  private async found(
    stream: string,
    from: bigint | undefined,
    page: { readonly direction: 'forwards' | 'backwards'; readonly limit: number },
  ): Promise<readonly WireEvent[]> {
    const until = performance.now() + this.deadlineMs;
    const read = async ({ client, signal }: Attempt): Promise<readonly WireEvent[]> => {
      try {
        return await client.readStream(stream, from, { ...page, signal });
      } catch (error) {
        if (isStreamNotFound(error)) return [];
        if (isStreamDeleted(error)) throw altered(stream, 'it was deleted for good (a tombstone)');
        throw error;
      }
    };
    try {
      return await this.read(this.deadlineMs * SHARE_OF_THE_FIRST, read);
    } catch (error) {
      if (!(error instanceof Error && error.cause instanceof DeadlinePassed)) throw error;
      return this.read(until - performance.now(), read);
    }
  }

  async head(): Promise<bigint> {
    const { isOurs, prefixes } = this.ours;
    const until = performance.now() + this.deadlineMs;
    let before: bigint | undefined;
    for (let page = 0; ; page++) {
      const limit = HEAD_PAGES[page] ?? HEAD_PAGES[2];
      const found = await this.read(until - performance.now(), ({ client, signal }) =>
        client.readAll(before, {
          direction: 'backwards',
          limit,
          signal,
          only: prefixes && filterOf(prefixes),
        }),
      );
      const last = found.find((event) => !isSystemEvent(event) && isOurs(event.stream));
      if (last !== undefined) return last.position;
      const oldest = found.at(-1);
      const reached = oldest?.position;
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
      throw new EventStoreUnavailable('the event store cannot be read', { cause: toError(error) });
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
      if (error instanceof WrongLog) throw error;
      if (isInvalidPosition(error)) throw noSuchPlace();
      throw new EventStoreUnavailable('the event store cannot be read', { cause: toError(error) });
    }
  }
}

/** Where our events were, there are none now. */
const noSuchPlace = (): WrongLog =>
  new WrongLog(
    'older',
    'expected to read on from a position that was met in the log; found that it is none of this log: it was put back to an older copy, or is another one. Bring the right log back, or restore it (docs/operators.md, "Which log").',
  );
