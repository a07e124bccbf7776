import { pauseMs } from '../../support/backoff.js';
import { withDeadline } from '../../support/deadline.js';
import { NotSent, breaksConnection, failureOf, toError } from './failures.js';
import type { LogClient } from './log-client.js';

/** What a pino logger is, as far as it is needed here. */
export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** One call: its client, what is left of its time, and the sign that its caller has given up. */
export interface Attempt {
  readonly client: LogClient;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

const RESTS = { baseDelayMs: 100, maxDelayMs: 2_000 };

/**
 * Keeps one client that works. A call that breaks the connection replaces the client for the calls after it; the calls
 * under way on the old one end by themselves. While nothing can be connected to, calls fail at once for a growing,
 * capped while instead of each knocking at a door that was shut a moment ago.
 */
export class Connection {
  #client: LogClient | undefined;
  #generation = 0;
  #failedConnects = 0;
  #restUntilMs = 0;
  #closed = false;

  constructor(
    private readonly open: (generation: number) => LogClient,
    private readonly log: Log | undefined,
  ) {}

  /** @throws NotSent when closed, or resting after failed attempts to connect */
  client(): LogClient {
    if (this.#closed) throw new NotSent('the event store is closed');
    if (performance.now() < this.#restUntilMs) throw new NotSent('the event store cannot be reached');
    this.#client ??= this.open(this.#generation++);
    return this.#client;
  }

  /** Rejects with whatever went wrong, and with DeadlinePassed when nothing happened within `deadlineMs`. */
  async run<T>(deadlineMs: number, call: (attempt: Attempt) => Promise<T>): Promise<T> {
    const client = this.client();
    const giveUp = new AbortController();
    try {
      const work = call({ client, deadlineMs, signal: giveUp.signal });
      const answer = await withDeadline(work, deadlineMs, () => giveUp.abort());
      this.worked();
      return answer;
    } catch (error) {
      this.failed(client, error);
      throw error;
    }
  }

  worked(): void {
    if (this.#failedConnects > 1)
      this.log?.info({ failedConnects: this.#failedConnects }, 'event store reached again');
    this.#failedConnects = 0;
  }

  /** Replaces the client when the error says that its connection is broken. Many calls fail with one client: it counts once. */
  failed(client: LogClient, error: unknown): void {
    if (client !== this.#client || !breaksConnection(error)) return;
    this.#client = undefined;
    client.retire();
    this.#rest(failureOf(error) !== 'lost');
    this.log?.warn({ reason: toError(error).message }, 'event store connection broken');
  }

  close(): void {
    this.#closed = true;
    this.#client?.retire();
    this.#client = undefined;
  }

  /** The first attempt after a break is made at once; each that finds no server, or no leader, doubles the rest. */
  #rest(foundNone: boolean): void {
    this.#failedConnects = foundNone ? this.#failedConnects + 1 : 0;
    if (!foundNone) return;
    this.#restUntilMs = performance.now() + pauseMs(RESTS, this.#failedConnects - 1);
  }
}
