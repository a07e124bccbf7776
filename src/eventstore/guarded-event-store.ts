import type { AppliedEvent } from './applied-event.js';
import type {
  AppendOutcome,
  EventStore,
  LogPage,
  LogQuery,
  RecordedEvent,
  StreamWrite,
} from './event-store.js';
import type { LogTrust } from './log-trust.js';
import { marked, type OwnEvents, Sieve } from './sieve.js';
import { assertWhole, type StreamQuery } from './whole-stream.js';
import { altered, missingPlaces, notSealed, wrongLogIn } from './wrong-log.js';

/** A leader's conflict may be ahead of what it reads by far less. */
const UNSEEN_MS = 2_000;
const MOST_UNSEEN = 1_000;

/**
 * A store whose log is the right one, or away: while there is doubt nothing is read and nothing appended. What is read is checked for
 * what a whole log never does, and such a finding is a doubt as well. Of the whole log only the ledger's own events are read.
 */
export function guardedEventStore(store: EventStore, trust: LogTrust, ours: OwnEvents): EventStore {
  return new GuardedEventStore(store, trust, ours);
}

class GuardedEventStore implements EventStore {
  readonly atomicity: EventStore['atomicity'];
  readonly positions: EventStore['positions'];
  readonly fill: EventStore['fill'];
  /** Streams that an append says are there and a read does not find, and since when. */
  private readonly unseen = new Map<string, number>();

  constructor(
    private readonly store: EventStore,
    private readonly trust: LogTrust,
    private readonly ours: OwnEvents,
  ) {
    this.atomicity = store.atomicity;
    this.positions = store.positions;
    this.fill =
      store.fill && ((events, after) => this.trusted(() => store.fill?.(events, after) as Promise<number>));
  }

  /** @throws RangeError for a stream whose events would be passed over when they are read */
  async append(writes: readonly StreamWrite[]): Promise<AppendOutcome> {
    for (const { stream } of writes)
      if (!this.ours.isOurs(stream)) throw new RangeError(`${stream} is no stream of the ledger`);
    const { doubt } = this.trust;
    if (doubt) return { outcome: 'unavailable', cause: doubt };
    const outcome = await this.store.append(writes);
    if (outcome.outcome === 'appended') this.trust.saw(outcome.position, lastOf(writes, outcome));
    else if (outcome.outcome !== 'conflict') this.noteAltered(outcome.cause);
    else if (outcome.actual !== 'no-stream') return this.afterConflict(outcome.stream, outcome);
    return outcome;
  }

  readStream(stream: string, query: StreamQuery): Promise<readonly RecordedEvent[]> {
    return this.trusted(async () => {
      const events = await this.store.readStream(stream, query);
      assertWhole(stream, events, query);
      return events.map((event) => this.looked(event));
    });
  }

  readAll(query: LogQuery): Promise<LogPage> {
    return this.trusted(async () => {
      const sieve = new Sieve(query, this.ours, this.trust, this.positions);
      const page = sieve.sifted(await this.store.readAll(sieve.asked));
      if (sieve.fault) throw sieve.fault;
      this.assertNothingTaken(page);
      await this.assertNoGap(query, page, sieve.found);
      // A place that was asked about need not hold an event; one that was found does.
      // What others wrote may go whenever they like: by it the log is not known.
      if (page.position > query.after)
        this.trust.saw(
          page.position,
          page.events.findLast(({ passedOver }) => passedOver === undefined),
        );
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

  /** @throws WrongLog for one that is not sealed as it must be */
  private looked(event: RecordedEvent): RecordedEvent {
    if (this.trust.skipped.has(event)) return marked(event, 'skipped');
    const found = this.trust.sealFault(event);
    if (found !== undefined) throw notSealed(event, found);
    return event;
  }

  /** Who is told that a stream goes on must be able to read it, if not at once: a winner may be readable a moment after the conflict. */
  private async afterConflict(stream: string, conflict: AppendOutcome): Promise<AppendOutcome> {
    const found = await this.store
      .readStream(stream, { direction: 'backwards', limit: 1 })
      .catch(() => [true]);
    const sinceMs = this.unseen.get(stream) ?? performance.now();
    if (found.length > 0 || this.unseen.size > MOST_UNSEEN) this.unseen.delete(stream);
    else if (performance.now() - sinceMs < UNSEEN_MS) this.unseen.set(stream, sinceMs);
    else {
      const cause = altered(stream, 'an append met events there that no read finds');
      this.noteAltered(cause);
      return { outcome: 'unavailable', cause };
    }
    return conflict;
  }

  private assertNothingTaken({ taken = [] }: LogPage): void {
    for (const { stream, position, how } of taken) {
      if (!this.ours.isOurs(stream) || this.trust.skipped.isGivenUp(position)) continue;
      throw altered(stream, `${how}, which the log says at position ${position}`);
    }
  }

  /** Where positions have no gaps there are as many events as places. Only a page that lacks some is looked at again. */
  private async assertNoGap(query: LogQuery, { position }: LogPage, found: number): Promise<void> {
    const places = position - query.after;
    // Who has no use for some events is not sent them.
    if (this.positions !== 'gap-free' || query.without?.length || BigInt(found) === places) return;
    const there = new Set<bigint>();
    await this.store.readAll({ ...query, onEvent: (event) => void there.add(event.position) });
    for (let place = query.after + 1n; place <= position; place++)
      if (!there.has(place) && !this.trust.skipped.isGivenUp(place))
        throw missingPlaces(place, places - BigInt(found));
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

/** The event that was appended last. */
function lastOf(
  writes: readonly StreamWrite[],
  { position, revisions }: Extract<AppendOutcome, { outcome: 'appended' }>,
): AppliedEvent | undefined {
  const [write, revision] = [writes.at(-1), revisions.at(-1)];
  const event = write?.events.at(-1);
  return write && event && revision !== undefined
    ? { id: event.id, stream: write.stream, revision, position }
    : undefined;
}
