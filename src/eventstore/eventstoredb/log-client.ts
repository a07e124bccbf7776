import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  NO_STREAM,
  START,
  jsonEvent,
  type AllStreamResolvedEvent,
  type ReadPosition,
  type ReadRevision,
  type RecordedEvent as ClientEvent,
} from '@eventstore/db-client';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { StreamWrite } from '../event-store.js';
import type { ConnectionSettings } from './connection-string.js';
import { collect, type Page, type Readable } from './collect.js';
import { isSystemEvent } from './recorded-event.js';
import { withFilter } from './stream-filter.js';

/** What a listener is told. `onEnd` comes once, however it ended; never after the listener stopped. */
export interface Listener {
  /** From now on every event is seen. */
  readonly onReady: () => void;
  readonly onEvent: () => void;
  readonly onEnd: (error?: unknown) => void;
}

interface PageOfLog extends Page {
  /** Only of streams whose names begin so; the server looks for them. */
  readonly prefixes?: readonly string[] | undefined;
}

/** The doors of the client that are not public: without them a socket could not be let go, its fate not be ours to decide, and the log not be searched. */
interface Internals {
  getChannel(): Promise<Channel>;
  handleError: () => Promise<void>;
  GRPCStreamCreator: (service: unknown, name: string, create: (calls: StreamCalls) => unknown) => unknown;
}

interface StreamCalls {
  read(request: ReadReq, ...rest: readonly unknown[]): unknown;
}

/** Of the library below the client. A state is a number; what counts is whether the connection stands. */
interface Channel {
  close(): void;
  getConnectivityState(connect: boolean): number;
  watchConnectivityState(from: number, deadline: number, onChange: (error?: Error) => void): void;
}

/** The state of a channel whose connection stands. */
const READY = 2;

/**
 * One client of the EventStoreDB library, with its traps behind it: appends go by the call that honours a deadline,
 * every stream has an error listener for as long as it lives, and nothing is retried here.
 */
export class LogClient {
  private readonly client: EventStoreDBClient;
  private readonly internals: Internals;
  private readonly options: { credentials: ConnectionSettings['credentials']; requiresLeader: true };
  private readonly listening = new Set<(error?: unknown) => void>();
  private channel: Channel | undefined;
  private retired = false;
  private whenLost: () => void = () => undefined;

  constructor(settings: ConnectionSettings, generation: number) {
    this.client = EventStoreDBClient.connectionString(settings.forClient(generation));
    this.internals = this.client as unknown as Internals;
    // The client would close its channel under calls that are about to start, and an append then throws where nobody can
    // catch it: the process dies of an unhandled rejection. A broken client is replaced as a whole instead.
    this.internals.handleError = () => Promise.resolve();
    // A follower would show an older log than the one just written to. A leader that was deposed and does not know it may do so as well,
    // for up to two seconds; its appends are refused.
    this.options = { credentials: settings.credentials, requiresLeader: true };
  }

  /** Where the last event stands; `position` is undefined when the server does not say (an append it had already). */
  async append(
    { stream, expected, events }: StreamWrite,
    deadlineMs: number,
  ): Promise<{ readonly position: bigint | undefined; readonly revision: bigint }> {
    this.keepChannel();
    const result = await this.client.appendToStream(
      stream,
      events.map(({ id, type, data, metadata }) => jsonEvent({ id, type, data, metadata })),
      {
        ...this.options,
        deadline: deadlineMs,
        expectedRevision: expected === 'no-stream' ? NO_STREAM : expected,
      },
    );
    return { position: result.position?.commit, revision: result.nextExpectedRevision };
  }

  /** From a revision, which is included; an absent stream is an error of type `stream-not-found`. */
  readStream(stream: string, from: bigint | undefined, page: Page): Promise<ClientEvent[]> {
    this.keepChannel();
    const backwards = page.direction === 'backwards';
    const fromRevision: ReadRevision = from ?? (backwards ? END : START);
    const direction = backwards ? BACKWARDS : FORWARDS;
    return collect(
      this.client.readStream(stream, { ...this.options, fromRevision, direction, maxCount: page.limit }),
      page,
    );
  }

  /** From a position: included forwards, excluded backwards. System events are among what is found. */
  readAll(from: bigint | undefined, page: PageOfLog): Promise<ClientEvent[]> {
    this.keepChannel();
    const backwards = page.direction === 'backwards';
    const edge = backwards ? END : START;
    const fromPosition: ReadPosition = from === undefined ? edge : { commit: from, prepare: from };
    const direction = backwards ? BACKWARDS : FORWARDS;
    const read = () =>
      this.client.readAll({ ...this.options, fromPosition, direction, maxCount: page.limit });
    return collect(this.filtered(page.prefixes, read), page);
  }

  /** The filter is put into the request on its way. */
  private filtered<T>(prefixes: readonly string[] | undefined, read: () => T): T {
    if (!prefixes) return read();
    const { GRPCStreamCreator } = this.internals;
    this.internals.GRPCStreamCreator = (service, name, create) =>
      GRPCStreamCreator(service, name, (calls) =>
        create({ read: (request, ...rest) => calls.read(withFilter(request, prefixes), ...rest) }),
      );
    try {
      return read();
    } finally {
      this.internals.GRPCStreamCreator = GRPCStreamCreator;
    }
  }

  /** Tells of every event from now on. Answers the way to stop. */
  listen({ onReady, onEvent, onEnd }: Listener): () => void {
    this.keepChannel();
    const subscription = this.client.subscribeToAll({ ...this.options, fromPosition: END });
    let over = false;
    const stop = (): void => {
      if (over) return;
      over = true;
      this.listening.delete(end);
      subscription.unsubscribe().catch(() => undefined);
    };
    const end = (error?: unknown): void => {
      if (over) return;
      stop();
      onEnd(error);
    };
    this.listening.add(end);
    const events: Readable<AllStreamResolvedEvent> = subscription;
    events.on('confirmation', () => {
      if (!over) onReady();
    });
    events.on('data', ({ event }) => {
      if (!over && event !== undefined && !isSystemEvent(event)) onEvent();
    });
    events.on('end', () => end());
    events.on('error', (error) => end(error));
    return stop;
  }

  /** Told once when the connection is lost that stood: the library below would make another one without a word. */
  onDisconnect(whenLost: () => void): void {
    this.whenLost = whenLost;
  }

  /** To be given no new calls. Ends the listeners; the calls under way finish. */
  retire(): void {
    this.retired = true;
    for (const end of this.listening) end();
    this.closeChannel();
  }

  private keepChannel(): void {
    this.internals.getChannel().then(
      (channel) => {
        const isNew = this.channel !== channel;
        this.channel = channel;
        if (this.retired) this.closeChannel();
        else if (isNew) this.watch(channel);
      },
      () => undefined,
    );
  }

  private watch(channel: Channel): void {
    const state = channel.getConnectivityState(false);
    channel.watchConnectivityState(state, Infinity, () => {
      if (this.retired) return;
      if (state === READY) this.whenLost();
      else this.watch(channel);
    });
  }

  /** Not at once: a call that started a moment ago must have reached the channel before, or it ends in an unhandled rejection. */
  private closeChannel(): void {
    const channel = this.channel;
    if (channel !== undefined) setImmediate(() => channel.close());
  }
}
