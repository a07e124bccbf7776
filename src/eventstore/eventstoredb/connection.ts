import { pauseMs } from '../../support/backoff.js';
import { withDeadline } from '../../support/deadline.js';
import { NotSent, breaksConnection, failureOf, isNotReady, toError } from './failures.js';
import type { LogClient } from './log-client.js';

/** What a pino logger is, as far as it is needed here. */
export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** Where calls are made: a connection that replaces broken clients, or one client. */
export interface Caller {
  run<T>(deadlineMs: number, call: (attempt: Attempt) => Promise<T>): Promise<T>;
  close(): void;
}

/** One call: its client, what is left of its time, and the sign that its caller has given up. */
export interface Attempt {
  readonly client: LogClient;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** Part of the answer came: the deadline counts from now. */
  readonly alive: () => void;
}

const RESTS = { baseDelayMs: 100, maxDelayMs: 2_000 };

/**
 * Keeps one client that works. A call that breaks the connection replaces the client for the calls after it; the calls
 * under way on the old one end by themselves. While nothing can be connected to, calls fail at once for a growing,
 * capped while instead of each knocking at a door that was shut a moment ago.
 */
export class Connection implements Caller {
  private current: LogClient | undefined;
  private failedConnects = 0;
  private restUntilMs = 0;
  private closed = false;
  /** Whether the client may be used for calls: what is behind its connection need not be what was behind the last one. */
  private admission: Promise<void> | undefined;

  /** @param admit asked of every new client before calls are made on it */
  constructor(
    private readonly open: () => LogClient,
    private readonly log: Log | undefined,
    private readonly admit?: (client: LogClient) => Promise<void>,
  ) {}

  /** @throws NotSent when closed, or resting after failed attempts to connect */
  client(): LogClient {
    if (this.closed) throw new NotSent('the event store is closed');
    if (performance.now() < this.restUntilMs) throw new NotSent('the event store cannot be reached');
    return this.current ?? this.openNext();
  }

  /** Rejects with whatever went wrong, and with DeadlinePassed when there was no answer, or no sign of life, within `deadlineMs`. */
  async run<T>(deadlineMs: number, call: (attempt: Attempt) => Promise<T>): Promise<T> {
    const client = this.client();
    const giveUp = new AbortController();
    try {
      const work = (alive: () => void) => {
        const attempt = { client, deadlineMs, signal: giveUp.signal, alive };
        return this.admission ? this.admitted(client, () => call(attempt), giveUp.signal) : call(attempt);
      };
      const answer = await withDeadline(work, deadlineMs, () => giveUp.abort());
      this.worked();
      return answer;
    } catch (error) {
      this.failed(client, error);
      throw error;
    }
  }

  worked(): void {
    if (this.failedConnects > 1)
      this.log?.info({ failedConnects: this.failedConnects }, 'event store reached again');
    this.failedConnects = 0;
  }

  /** Replaces the client when the error says that its connection is broken. Many calls fail with one client: it counts once. */
  failed(client: LogClient, error: unknown): void {
    if (isNotReady(error) && client === this.current) this.rest(true);
    if (breaksConnection(error)) this.replace(client, error, failureOf(error) !== 'lost');
  }

  close(): void {
    this.closed = true;
    this.current?.retire();
    this.current = undefined;
  }

  private openNext(): LogClient {
    const client = this.make();
    this.current = client;
    // A server that comes back behind the same address may be another one, or hold other data.
    client.onDisconnect(() => this.replace(client, new Error('the connection was lost'), false));
    this.admission = this.admit?.(client).then(
      () => {
        if (this.current === client) this.admission = undefined;
      },
      (error: unknown) => {
        this.replace(client, error, true);
        throw error;
      },
    );
    // Told to whoever makes a call.
    this.admission?.catch(() => undefined);
    return client;
  }

  /** @throws NotSent: what fails here has certainly reached no server */
  private make(): LogClient {
    try {
      return this.open();
    } catch (error) {
      // The client's own error has the whole connection string with it, and the password in that.
      throw new NotSent(`the client of the event store cannot be made: ${toError(error).message}`);
    }
  }

  /** Nothing is sent before the admission, and nothing for a caller who has given up meanwhile. */
  private async admitted<T>(client: LogClient, call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      await this.admission;
    } catch (cause) {
      throw new NotSent('the event store cannot be used', { cause });
    }
    if (signal.aborted) throw new NotSent('the caller has given up');
    if (client !== this.current) throw new NotSent('the connection was lost before the call was made');
    return call();
  }

  private replace(client: LogClient, error: unknown, foundNone: boolean): void {
    if (client !== this.current) return;
    this.current = undefined;
    this.admission = undefined;
    client.retire();
    this.rest(foundNone);
    if (!this.closed) this.log?.warn({ reason: toError(error).message }, 'event store connection broken');
  }

  /** The first attempt after a break is made at once; each that finds no server, or no leader, doubles the rest. */
  private rest(foundNone: boolean): void {
    // The calls that fail beside the one that noticed first are no further attempts.
    if (foundNone && performance.now() < this.restUntilMs) return;
    this.failedConnects = foundNone ? this.failedConnects + 1 : 0;
    if (!foundNone) return;
    this.restUntilMs = performance.now() + pauseMs(RESTS, this.failedConnects - 1);
  }
}

/** Without a second try and without consequences: for the admission of the client itself. */
export const callsOn = (client: LogClient): Caller => ({
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
