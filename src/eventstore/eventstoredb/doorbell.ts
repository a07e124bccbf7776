import { pauseMs } from '../../support/backoff.js';
import type { Connection, Log } from './connection.js';
import { DeadlinePassed } from '../../support/deadline.js';
import { toError } from './failures.js';
import type { StreamFilter } from './wire/read-request.js';

const RETRIES = { baseDelayMs: 200, maxDelayMs: 2_000 };

/**
 * One subscription for all who want to know that something was appended. It is set up again whenever it ends, whether
 * with an error or without, and rings then, because nobody knows what was missed.
 */
export class Doorbell {
  private readonly listeners = new Set<() => void>();
  private stop: (() => void) | undefined;
  private retry: NodeJS.Timeout | undefined;
  private failures = 0;
  private ringing: NodeJS.Immediate | undefined;

  private readonly deadlineMs: number;

  constructor(
    private readonly connection: Connection,
    private readonly options: {
      readonly deadlineMs: number;
      /** Whose events it rings for; default: all that are not the server's own. */
      readonly only?: StreamFilter | undefined;
      readonly log?: Log | undefined;
    },
  ) {
    this.deadlineMs = options.deadlineMs;
  }

  add(onAppend: () => void): () => void {
    const listener = (): void => onAppend();
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.listen();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.silence();
    };
  }

  close(): void {
    this.listeners.clear();
    this.silence();
  }

  private listen(): void {
    try {
      const client = this.connection.client();
      const late = setTimeout(() => over(new DeadlinePassed(this.deadlineMs)), this.deadlineMs);
      const over = (error?: unknown): void => {
        clearTimeout(late);
        stop();
        this.stop = undefined;
        if (error !== undefined) this.connection.failed(client, error);
        this.listenLater(error);
      };
      const onReady = (): void => {
        clearTimeout(late);
        this.failures = 0;
        this.connection.worked();
        this.ring();
      };
      const stop = client.listen({ onReady, onEvent: () => this.ring(), onEnd: over }, this.options.only);
      this.stop = () => {
        clearTimeout(late);
        stop();
      };
    } catch (error) {
      this.listenLater(error);
    }
  }

  private listenLater(error: unknown): void {
    if (this.listeners.size === 0) return;
    const retryMs = Math.round(pauseMs(RETRIES, this.failures++));
    const reason = error === undefined ? 'ended by the server' : toError(error).message;
    this.options.log?.warn({ reason, retryMs }, 'event store subscription ended');
    this.retry = setTimeout(() => this.listen(), retryMs);
    this.retry.unref();
  }

  /** A burst of events is one ring: the listener pulls them all anyway. */
  private ring(): void {
    this.ringing ??= setImmediate(() => {
      this.ringing = undefined;
      for (const listener of this.listeners) listener();
    });
  }

  private silence(): void {
    clearTimeout(this.retry);
    clearImmediate(this.ringing);
    this.ringing = undefined;
    this.stop?.();
    this.stop = undefined;
  }
}
