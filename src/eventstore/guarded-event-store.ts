import type {
  AppendOutcome,
  EventStore,
  LogPage,
  LogQuery,
  RecordedEvent,
  StreamWrite,
} from './event-store.js';
import type { LogTrust } from './log-trust.js';
import { altered, wrongLogIn } from './wrong-log.js';

type StreamQuery = Parameters<EventStore['readStream']>[1];

/**
 * A store whose log is the right one, or away: while there is doubt nothing is read and nothing appended. What is read is checked for
 * what a whole log never does, and such a finding is a doubt as well.
 */
export function guardedEventStore(store: EventStore, trust: LogTrust): EventStore {
  return new GuardedEventStore(store, trust);
}

class GuardedEventStore implements EventStore {
  readonly atomicity: EventStore['atomicity'];
  readonly positions: EventStore['positions'];
  readonly fill: EventStore['fill'];

  constructor(
    private readonly store: EventStore,
    private readonly trust: LogTrust,
  ) {
    this.atomicity = store.atomicity;
    this.positions = store.positions;
    this.fill =
      store.fill && ((events, after) => this.trusted(() => store.fill?.(events, after) as Promise<number>));
  }

  async append(writes: readonly StreamWrite[]): Promise<AppendOutcome> {
    const { doubt } = this.trust;
    if (doubt) return { outcome: 'unavailable', cause: doubt };
    const outcome = await this.store.append(writes);
    if (outcome.outcome === 'appended') this.trust.saw(outcome.position);
    else if (outcome.outcome !== 'conflict') this.noteAltered(outcome.cause);
    return outcome;
  }

  readStream(stream: string, query: StreamQuery): Promise<readonly RecordedEvent[]> {
    return this.trusted(async () => {
      const events = await this.store.readStream(stream, query);
      assertWhole(stream, events, query);
      return events;
    });
  }

  readAll(query: LogQuery): Promise<LogPage> {
    return this.trusted(async () => {
      const page = await this.store.readAll(query);
      // A place that was asked about need not hold an event; one that was found does.
      if (page.position > query.after) this.trust.saw(page.position);
      return page;
    });
  }

  head(): Promise<bigint> {
    return this.trusted(() => this.store.head());
  }

  reaches(position: bigint): Promise<boolean> {
    return this.trusted(() => this.store.reaches(position));
  }

  subscribe(onAppend: () => void): () => void {
    return this.store.subscribe(onAppend);
  }

  checkHealth(): Promise<void> {
    return this.trusted(() => this.store.checkHealth());
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private async trusted<T>(read: () => Promise<T>): Promise<T> {
    const { doubt } = this.trust;
    if (doubt) throw doubt;
    try {
      return await read();
    } catch (error) {
      this.noteAltered(error);
      throw wrongLogIn(error) ?? error;
    }
  }

  /** What a new connection is refused for has been told by who refused it, and is over when the right log is back. */
  private noteAltered(error: unknown): void {
    const found = wrongLogIn(error);
    if (found?.reason === 'altered') this.trust.distrust(found);
  }
}

/**
 * A stream's revisions follow one another, and a read begins where it was asked to: else events were taken away (by a limit on age or
 * number, a deletion, a tool).
 * @throws WrongLog
 */
function assertWhole(
  stream: string,
  events: readonly RecordedEvent[],
  { from, direction = 'forwards', limit }: StreamQuery,
): void {
  const [first] = events;
  const last = events.at(-1);
  if (!first || !last) return;
  const forwards = direction === 'forwards';
  const step = forwards ? 1n : -1n;
  const gap = events.findIndex(({ revision }, index) => revision !== first.revision + step * BigInt(index));
  if (gap > 0) throw altered(stream, `revision ${first.revision + step * BigInt(gap)} is missing`);
  if (forwards && first.revision !== (from ?? 0n))
    throw altered(stream, `it begins with revision ${first.revision} instead of ${from ?? 0n}`);
  // Backwards a page that is not full goes to the very beginning.
  if (!forwards && events.length < limit && last.revision !== 0n)
    throw altered(stream, `what is before revision ${last.revision} is missing`);
}
