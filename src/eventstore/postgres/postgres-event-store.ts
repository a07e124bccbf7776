import type pg from 'pg';
import { createPool } from '../../postgres/pool.js';
import {
  BEFORE_FIRST,
  EventStoreUnavailable,
  type AppendOutcome,
  type EventStore,
  type LogPage,
  type LogQuery,
  type PlacedEvent,
  type RecordedEvent,
  type StreamWrite,
} from '../event-store.js';
import { assertReadLimit, textsWithinLimits } from '../limits.js';
import type { Admission } from '../log-trust.js';
import type { Seals } from '../seals.js';
import { prepareRequest, type AppendRequest } from './append-request.js';
import { appendAtEnds } from './append-at-ends.js';
import { appendBatch, isRolledBack, newConnection } from './connection.js';
import { Doorbell } from './doorbell.js';
import { fillLog } from './fill.js';
import { GroupCommit, unavailable } from './group-commit.js';
import { selectHead, selectPage, selectStream } from './reads.js';
import { Ringing } from './ringing.js';

export interface PostgresEventStoreOptions {
  /** Of a database in which `migrate` has run. */
  readonly connectionString: string;
  /** As seen in pg_stat_activity; default `counterfoil`. */
  readonly applicationName?: string;
  /** Deadline of every round trip; default 10,000. */
  readonly requestTimeoutMs?: number;
  /** Asked of every new connection but those that only ring. */
  readonly admit?: Admission;
  /** Seals what is appended. */
  readonly seals?: Seals | undefined;
  /** Connections for reading; default 4. Appending takes one more, subscribers share another. */
  readonly maxReadConnections?: number;
}

/** The event store on PostgreSQL: all writes of an append or none, positions from 0 without gaps in the order of commits. */
export function createPostgresEventStore(options: PostgresEventStoreOptions): EventStore {
  return new PostgresEventStore(options);
}

class PostgresEventStore implements EventStore {
  readonly atomicity = 'all-writes';
  readonly positions = 'gap-free';
  private readonly writers: pg.Pool;
  private readonly readers: pg.Pool;
  private readonly appends: GroupCommit;
  private readonly doorbell: Doorbell;
  private readonly ringing = new Ringing(() => this.ring());
  private readonly requestTimeoutMs: number;
  private readonly seals: Seals | undefined;
  private closed: Promise<void> | undefined;

  constructor(options: PostgresEventStoreOptions) {
    const {
      admit,
      seals,
      connectionString,
      requestTimeoutMs = 10_000,
      applicationName = 'counterfoil',
    } = options;
    this.requestTimeoutMs = requestTimeoutMs;
    this.seals = seals;
    const open = (purpose: string, max: number): pg.Pool =>
      createPool({
        connectionString,
        max,
        applicationName: `${applicationName} ${purpose}`,
        statementTimeoutMs: requestTimeoutMs,
        connectionTimeoutMs: requestTimeoutMs,
        admit: admit && ((connection) => admit(newConnection(connection, seals))),
      });
    this.writers = open('append', 1);
    this.readers = open('read', options.maxReadConnections ?? 4);
    this.doorbell = new Doorbell(connectionString, `${applicationName} listen`, 'event_log');
    this.appends = new GroupCommit((requests) => this.send(requests), requestTimeoutMs);
  }

  async append(writes: readonly StreamWrite[]): Promise<AppendOutcome> {
    const request = prepareRequest(writes, textsWithinLimits(writes, this.seals));
    return this.closed ? unavailable('the event store is closed') : this.appends.submit(request);
  }

  private async send(requests: readonly AppendRequest[]): Promise<readonly AppendOutcome[]> {
    const all = (outcome: AppendOutcome): readonly AppendOutcome[] => requests.map(() => outcome);
    let connection: pg.PoolClient;
    try {
      connection = await this.writers.connect();
    } catch (error) {
      return all(unavailable('the event store cannot be reached', error));
    }
    try {
      const outcomes =
        (await this.appendQuickly(connection, requests)) ?? (await appendBatch(connection, requests));
      connection.release();
      return outcomes;
    } catch (error) {
      const rolledBack = isRolledBack(error);
      connection.release(!rolledBack);
      return all(rolledBack ? unavailable('the event store refused the append', error) : unknown(error));
    }
  }

  /** Undefined where a stream does not end where its writer believes: then the log's longer way says what that means. */
  private async appendQuickly(
    connection: pg.PoolClient,
    requests: readonly AppendRequest[],
  ): Promise<readonly AppendOutcome[] | undefined> {
    const tells = this.ringing.claim();
    let told = false;
    try {
      const outcomes = await appendAtEnds(connection, requests, tells);
      told = tells && outcomes !== undefined;
      return outcomes;
    } finally {
      if (!told) this.ringing.owe();
    }
  }

  private async ring(): Promise<void> {
    // Where this fails, listeners look by themselves.
    await this.readers.query(`SELECT pg_notify('event_log', '')`).catch(() => undefined);
  }

  readStream(
    stream: string,
    options: Parameters<EventStore['readStream']>[1],
  ): Promise<readonly RecordedEvent[]> {
    return this.read((pool) => selectStream(pool, stream, options), options.limit);
  }

  readAll(query: LogQuery): Promise<LogPage> {
    return this.read((pool) => selectPage(pool, query), query.limit);
  }

  fill(events: Iterable<PlacedEvent> | AsyncIterable<PlacedEvent>, after = BEFORE_FIRST): Promise<number> {
    return fillLog(this.writers, events, after);
  }

  head(): Promise<bigint> {
    return this.read(selectHead);
  }

  reaches(position: bigint): Promise<boolean> {
    return this.read(async (pool) => (await selectHead(pool)) >= position);
  }

  async checkHealth(): Promise<void> {
    await this.read((pool) => pool.query('SELECT 1'));
  }

  private async read<T>(query: (pool: pg.Pool) => Promise<T>, limit = 1): Promise<T> {
    assertReadLimit(limit);
    if (this.closed) throw new EventStoreUnavailable('the event store is closed');
    try {
      return await query(this.readers);
    } catch (error) {
      throw new EventStoreUnavailable('the event store cannot be read', { cause: error });
    }
  }

  subscribe(onAppend: () => void): () => void {
    return this.closed ? () => undefined : this.doorbell.subscribe(onAppend);
  }

  close(): Promise<void> {
    return (this.closed ??= this.release());
  }

  private async release(): Promise<void> {
    await this.appends.drain();
    await this.ringing.flush();
    const ended = Promise.all([this.writers.end(), this.readers.end(), this.doorbell.close()]);
    // A server that has gone without a word never confirms the end.
    let timer: NodeJS.Timeout | undefined;
    const tired = new Promise((resolve) => (timer = setTimeout(resolve, this.requestTimeoutMs)));
    await Promise.race([ended, tired]).finally(() => clearTimeout(timer));
  }
}

function unknown(cause: unknown): AppendOutcome {
  return { outcome: 'unknown', cause: cause instanceof Error ? cause : new Error(String(cause)) };
}
