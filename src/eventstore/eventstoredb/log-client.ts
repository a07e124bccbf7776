import type { StreamWrite } from '../event-store.js';
import { type EventText, textsOf } from '../limits.js';
import type { ConnectionSettings } from './connection-string.js';
import { NotReached, NotSent, toError } from './failures.js';
import { findLeader } from './leader.js';
import { AppendLine, type Stored } from './wire/append-line.js';
import { readAnswer } from './wire/read-answer.js';
import { readRequest, type ReadQuery, type StreamFilter } from './wire/read-request.js';
import type { CallListener, RpcCall } from './wire/rpc-call.js';
import { RpcFailure } from './wire/rpc-failure.js';
import { isSystemEvent, WireEvent } from './wire/wire-event.js';
import { WireSession } from './wire/wire-session.js';

/** What a listener is told. `onEnd` comes once, however it ended; never after the listener stopped. */
export interface Listener {
  /** From now on every event is seen. */
  readonly onReady: () => void;
  readonly onEvent: () => void;
  readonly onEnd: (error?: unknown) => void;
}

export interface Page extends Pick<ReadQuery, 'direction' | 'only'> {
  readonly limit: number;
  /** Ends the read, when its caller has given up. */
  readonly signal: AbortSignal;
  /** Told of each event as it comes. */
  readonly alive?: () => void;
}

const NOT_FOUND = 5;

/**
 * One connection to one server, opened when it is first used. Appends go by one long call, reads by one call each, and nothing is
 * retried here.
 *
 * A server is asked as the leader that it must be: a follower would show an older log than the one just written to.
 * One that was deposed and does not know it yet may do so as well, for up to two seconds (docs/adr/0026); its appends are refused.
 */
export class LogClient {
  private session: Promise<WireSession> | undefined;
  private line: AppendLine | undefined;
  private readonly listening = new Set<(error?: unknown) => void>();
  private readonly giveUp = new AbortController();
  private retired = false;
  private whenLost: () => void = () => undefined;

  constructor(private readonly settings: ConnectionSettings) {}

  /**
   * Where the last event stands; `position` is undefined when the server does not say (an append it had already).
   * @param options.deadlineMs after which the server need not begin with it; who waits for it no longer says so by `signal`
   */
  async append(
    write: StreamWrite,
    options: {
      readonly deadlineMs: number;
      readonly signal?: AbortSignal | undefined;
      readonly texts?: readonly EventText[] | undefined;
    },
  ): Promise<Stored> {
    const session = await this.connected(options.signal);
    if (!this.line || this.line.over) {
      this.line = new AppendLine((listener) => session.call('BatchAppend', listener));
      if (this.retired) this.line.close();
    }
    return this.line.append(write, options.texts ?? textsOf(write.events), options);
  }

  /** From a revision, which is included. An absent stream is an error of type `stream-not-found`. */
  async readStream(stream: string, from: bigint | undefined, page: Page): Promise<readonly WireEvent[]> {
    const found: WireEvent[] = [];
    await this.read({ stream, from, ...page }, page, (event) => found.push(event));
    return found;
  }

  /** From a position: included forwards, excluded backwards. System events are among what is found. */
  async readAll(from: bigint | undefined, page: Page): Promise<readonly WireEvent[]> {
    const found: WireEvent[] = [];
    await this.read({ from, ...page }, page, (event) => found.push(event));
    return found;
  }

  /** As `readAll`, told of each event as it comes; it may be gone when the listener returns. */
  async eachOfAll(from: bigint | undefined, page: Page, onEvent: (event: WireEvent) => void): Promise<void> {
    await this.read({ from, ...page }, page, onEvent);
  }

  /** Tells of every event from now on, or of those of some streams. Answers the way to stop. */
  listen({ onReady, onEvent, onEnd }: Listener, only?: StreamFilter): () => void {
    let call: RpcCall | undefined;
    let over = false;
    const stop = (): void => {
      over = true;
      this.listening.delete(end);
      call?.cancel();
    };
    const end = (error?: unknown): void => {
      if (over) return;
      stop();
      onEnd(error);
    };
    this.listening.add(end);
    const onMessage = (message: Buffer): void => {
      const answer = readAnswer(message);
      if (answer === 'confirmed') onReady();
      else if (answer instanceof WireEvent && !isSystemEvent(answer)) onEvent();
    };
    this.connected()
      .then((session) => {
        if (!over) call = ask(session, { direction: 'forwards', only }, { onMessage, onEnd: end });
      })
      .catch(end);
    return stop;
  }

  /**
   * How far behind a position there is certainly nothing of what is looked for; undefined where there was something, or the end of the log,
   * before that could be said. A read says nothing while it searches.
   *
   * @param options.forMs after which it ends as soon as it can say how far
   * @param options.alive told whenever it got on
   */
  async searchedTo(
    from: bigint | undefined,
    only: StreamFilter,
    options: { readonly signal: AbortSignal; readonly forMs: number; readonly alive?: () => void },
  ): Promise<bigint | undefined> {
    const { signal, forMs, alive } = options;
    const session = await this.connected(signal);
    const until = performance.now() + forMs;
    return new Promise<bigint | undefined>((resolve, reject) => {
      let reached: bigint | undefined;
      const stop = (): void => {
        call.cancel();
        resolve(reached);
      };
      const onMessage = (message: Buffer): void => {
        const answer = readAnswer(message);
        if (answer === 'caught-up' || answer instanceof WireEvent) return stop();
        if (typeof answer !== 'object') return;
        alive?.();
        // It begins with the place that it was told to begin at.
        if (from !== undefined && answer.searchedTo <= from) return;
        reached = answer.searchedTo;
        if (performance.now() >= until) stop();
      };
      const onEnd = (error?: Error): void => (error ? reject(error) : resolve(reached));
      const call = ask(session, { from, direction: 'forwards', only }, { onMessage, onEnd });
      signal.addEventListener('abort', stop);
    });
  }

  /** Told once when the connection is lost that stood: what is behind the next one need not be the same server. */
  onDisconnect(whenLost: () => void): void {
    this.whenLost = whenLost;
  }

  /** To be given no new calls. Ends the listeners; the calls under way finish. */
  retire(): void {
    this.retired = true;
    for (const end of [...this.listening]) end();
    this.line?.close();
    this.giveUp.abort();
    this.session?.then(
      (session) => session.close(),
      () => undefined,
    );
  }

  private read(
    query: ReadQuery,
    { signal, alive }: Page,
    onEvent: (event: WireEvent) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: Buffer): void => {
        const answer = readAnswer(message);
        if (answer instanceof WireEvent) {
          alive?.();
          onEvent(answer);
        } else if (answer === 'stream-not-found')
          reject(new RpcFailure('the stream is not there', NOT_FOUND, 'stream-not-found'));
      };
      const onEnd = (error?: Error): void => (error ? reject(error) : resolve());
      this.connected(signal)
        .then((session) => {
          const call = ask(session, query, { onMessage, onEnd });
          signal.addEventListener('abort', () => {
            call.cancel();
            reject(new Error('the read was given up'));
          });
        })
        .catch(reject);
    });
  }

  /** @throws NotReached when there is no connection. @throws NotSent when it stood too late for the caller */
  private async connected(signal?: AbortSignal): Promise<WireSession> {
    this.session ??= this.connect();
    const session = await this.session.catch((cause: unknown) => {
      throw new NotReached(`the event store was not reached: ${toError(cause).message}`, { cause });
    });
    if (signal?.aborted) throw new NotSent('the caller has given up');
    return session;
  }

  private async connect(): Promise<WireSession> {
    const { connectionString, wire } = this.settings;
    const server = await findLeader(connectionString);
    this.giveUp.signal.throwIfAborted();
    return WireSession.open(server, wire, {
      onLost: () => {
        if (!this.retired) this.whenLost();
      },
      signal: this.giveUp.signal,
    });
  }
}

function ask(session: WireSession, query: ReadQuery, listener: CallListener): RpcCall {
  const call = session.call('Read', listener);
  call.sendLast(readRequest(query));
  return call;
}
