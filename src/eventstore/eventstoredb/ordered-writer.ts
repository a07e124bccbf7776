import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { withDeadline } from '../../support/deadline.js';
import { EventStoreUnavailable, MAX_APPEND_BYTES, type PlacedEvent } from '../event-store.js';
import { type LogWriter, OutOfOrder } from '../log-writer.js';
import { parseConnectionString } from './connection-string.js';

/** Appends under way at once. The server takes them from one call in the order they are sent. */
const WINDOW = 64;
const MAX_EVENTS = 256;
const DEADLINE_MS = 30_000;

/** Keeps this client's socket apart from those of the store (see forClient). */
const GENERATION = 997;

/**
 * Writes a log by one long call, with many appends under way: several times the rate of one after the other. That the server stores them
 * in the order they are sent is how it is built, not what it promises: each answer's place is looked at.
 *
 * @throws Error when the connection string cannot be used
 */
export function createOrderedWriter(connectionString: string): LogWriter {
  return new OrderedWriter(
    EventStoreDBClient.connectionString(parseConnectionString(connectionString).forClient(GENERATION)),
  );
}

class OrderedWriter implements LogWriter {
  private last = -1n;
  private opened = false;

  constructor(private readonly client: EventStoreDBClient) {}

  async write(events: readonly PlacedEvent[]): Promise<void> {
    const underWay: Promise<void>[] = [];
    let failure: Error | undefined;
    for (const run of runsOf(events)) {
      const append = this.append(run).catch((error: unknown) => {
        failure ??= error instanceof Error ? error : new Error(String(error));
      });
      underWay.push(append);
      // The first one opens the call that all the others go by.
      if (!this.opened || underWay.length >= WINDOW) await underWay.shift();
      this.opened = true;
      if (failure) break;
    }
    await Promise.all(underWay);
    if (!failure) return;
    if (failure instanceof OutOfOrder) throw failure;
    throw new EventStoreUnavailable('the log could not be written', { cause: failure });
  }

  async close(): Promise<void> {
    await this.client.dispose();
  }

  private async append(run: readonly PlacedEvent[]): Promise<void> {
    const [first] = run;
    if (!first) return;
    const expectedRevision = first.revision === 0n ? NO_STREAM : first.revision - 1n;
    const data = run.map(({ id, type, data, metadata }) => jsonEvent({ id, type, data, metadata }));
    // Without credentials of its own: those of the connection are used, by the call that takes many appends.
    const answer = this.client.appendToStream(first.stream, data, { expectedRevision });
    const { position, nextExpectedRevision } = await withDeadline(answer, DEADLINE_MS);
    const wanted = first.revision + BigInt(run.length) - 1n;
    if (position === undefined || nextExpectedRevision !== wanted || position.commit <= this.last)
      throw new OutOfOrder(
        `revision ${first.revision} of ${first.stream} was not stored at the end of the log`,
      );
    this.last = position.commit;
  }
}

/** Consecutive events of one stream are one append, within what the server takes at once. */
function* runsOf(events: readonly PlacedEvent[]): Generator<readonly PlacedEvent[]> {
  let run: PlacedEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    // Text is at most three bytes a character.
    const size = 3 * (JSON.stringify(event.data).length + JSON.stringify(event.metadata).length);
    const fits = run.length < MAX_EVENTS && bytes + size <= MAX_APPEND_BYTES;
    if (run.length > 0 && (run[0]?.stream !== event.stream || !fits)) {
      yield run;
      run = [];
      bytes = 0;
    }
    run.push(event);
    bytes += size;
  }
  if (run.length > 0) yield run;
}
