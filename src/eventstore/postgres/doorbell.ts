import pg from 'pg';
import { pauseMs } from '../../support/backoff.js';

const RECONNECTS = { baseDelayMs: 100, maxDelayMs: 5_000 };
const PING_EVERY_MS = 5_000;

/**
 * One connection that listens for one kind of the database's notices, shared by all subscribers, there only while there are any.
 * It reconnects for ever, and rings after each connect, because notices may have been missed.
 */
export class Doorbell {
  private readonly listeners = new Set<() => void>();
  private connection: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;

  /** @param channel the name that notices are sent under: an identifier */
  constructor(
    private readonly connectionString: string,
    private readonly applicationName: string,
    private readonly channel: string,
  ) {}

  /** `onRing` is called soon after each notice, possibly too often. Returns the way to stop. */
  subscribe(onRing: () => void): () => void {
    // A listener of our own for each call: the same function may subscribe twice.
    const listener = () => onRing();
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.connect();
    return () => {
      if (this.listeners.delete(listener) && this.listeners.size === 0) void this.disconnect();
    };
  }

  async close(): Promise<void> {
    this.listeners.clear();
    await this.disconnect();
  }

  private connect(): void {
    const connection = new pg.Client({
      connectionString: this.connectionString,
      application_name: this.applicationName,
      connectionTimeoutMillis: PING_EVERY_MS,
      query_timeout: PING_EVERY_MS,
      keepAlive: true,
    });
    this.connection = connection;
    connection.on('notification', () => this.ring());
    connection.on('error', () => this.lost(connection));
    connection.on('end', () => this.lost(connection));
    connection
      .connect()
      .then(() => connection.query(`LISTEN ${this.channel}`))
      .then(() => {
        if (this.connection !== connection) return;
        this.failures = 0;
        this.ring();
        this.pingLater(connection);
      })
      .catch(() => this.lost(connection));
  }

  /** A connection whose other side is gone without a word never rings, and only an unanswered question finds out. */
  private pingLater(connection: pg.Client): void {
    this.timer = setTimeout(() => {
      connection.query('SELECT 1').then(
        () => this.connection === connection && this.pingLater(connection),
        () => this.lost(connection),
      );
    }, PING_EVERY_MS).unref();
  }

  private lost(connection: pg.Client): void {
    if (this.connection !== connection) return;
    clearTimeout(this.timer);
    this.connection = undefined;
    void connection.end().catch(() => undefined);
    const delayMs = pauseMs(RECONNECTS, this.failures++);
    this.timer = setTimeout(() => this.connect(), delayMs).unref();
  }

  private async disconnect(): Promise<void> {
    clearTimeout(this.timer);
    const connection = this.connection;
    this.connection = undefined;
    await connection?.end().catch(() => undefined);
  }

  private ring(): void {
    for (const listener of this.listeners) listener();
  }
}
