import { withDeadline } from '../../support/deadline.js';
import { EventStoreUnavailable, MAX_APPEND_BYTES, type PlacedEvent } from '../event-store.js';
import { type LogWriter, OutOfOrder } from '../log-writer.js';
import { parseConnectionString } from './connection-string.js';
import type { EventText } from '../limits.js';
import { toError } from './failures.js';
import { LogClient } from './log-client.js';

/** Appends under way at once, of which a server stores 2.2 times as many a second as of 64. It takes them from one call in the order they are sent. */
const WINDOW = 256;
const MAX_EVENTS = 256;
const DEADLINE_MS = 30_000;

/**
 * Writes a log by one long call, with many appends under way: several times the rate of one after the other. That the server stores them
 * in the order they are sent is how it is built, not what it promises: each answer's place is looked at.
 *
 * @throws Error when the connection string cannot be used
 */
export function createOrderedWriter(connectionString: string): LogWriter {
  return new OrderedWriter(new LogClient(parseConnectionString(connectionString)));
}

class OrderedWriter implements LogWriter {
  private last = -1n;
  private opened = false;

  constructor(private readonly client: LogClient) {}

  /** One deadline for all, which counts anew from each answer: one for each append cost as much as its message. */
  async write(events: readonly PlacedEvent[]): Promise<void> {
    const giveUp = new AbortController();
    try {
      const all = (alive: () => void): Promise<void> => this.inWindow(events, alive, giveUp.signal);
      await withDeadline(all, DEADLINE_MS, () => giveUp.abort());
    } catch (cause) {
      if (cause instanceof OutOfOrder) throw cause;
      throw new EventStoreUnavailable('the log could not be written', { cause });
    }
  }

  /** @throws what the first append failed with, once all that were sent have ended */
  private async inWindow(
    events: readonly PlacedEvent[],
    alive: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    const underWay: Promise<void>[] = [];
    let failure: Error | undefined;
    const onFailure = (error: unknown): void => void (failure ??= toError(error));
    for (const run of runsOf(events)) {
      underWay.push(this.append(run).then(alive, onFailure));
      // The first one opens the call that all the others go by.
      if (!this.opened || underWay.length >= WINDOW) await underWay.shift();
      this.opened = true;
      if (failure || signal.aborted) break;
    }
    await Promise.all(underWay);
    if (failure) throw failure;
  }

  close(): Promise<void> {
    this.client.retire();
    return Promise.resolve();
  }

  private async append({ events: run, texts }: Run): Promise<void> {
    const [first] = run;
    if (!first) return;
    const write = {
      stream: first.stream,
      expected: first.revision === 0n ? ('no-stream' as const) : first.revision - 1n,
      events: run,
    };
    const { position, revision } = await this.client.append(write, { deadlineMs: DEADLINE_MS, texts });
    const wanted = first.revision + BigInt(run.length) - 1n;
    if (position === undefined || revision !== wanted || position <= this.last)
      throw new OutOfOrder(
        `revision ${first.revision} of ${first.stream} was not stored at the end of the log`,
      );
    this.last = position;
  }
}

/** Consecutive events of one stream: one append. */
interface Run {
  readonly events: readonly PlacedEvent[];
  readonly texts: readonly EventText[];
}

/** Within what the server takes at once. */
function* runsOf(events: readonly PlacedEvent[]): Generator<Run> {
  let run: { events: PlacedEvent[]; texts: EventText[] } = { events: [], texts: [] };
  let bytes = 0;
  for (const event of events) {
    const text = {
      data: event.dataText ?? JSON.stringify(event.data),
      metadata: event.metadataText ?? JSON.stringify(event.metadata),
    };
    // Text is at most three bytes a character.
    const size = 3 * (text.data.length + text.metadata.length);
    const fits = run.events.length < MAX_EVENTS && bytes + size <= MAX_APPEND_BYTES;
    if (run.events.length > 0 && (run.events[0]?.stream !== event.stream || !fits)) {
      yield run;
      run = { events: [], texts: [] };
      bytes = 0;
    }
    run.events.push(event);
    run.texts.push(text);
    bytes += size;
  }
  if (run.events.length > 0) yield run;
}
