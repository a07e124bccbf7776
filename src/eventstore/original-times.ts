import { z } from 'zod';
import type { EventStore, LogPage, LogQuery, PlacedEvent, RecordedEvent } from './event-store.js';

/** In the metadata of a copied event: when it was recorded, and its place in each log it was copied from, the first one first. */
const copied = z.object({ at: z.iso.datetime(), positions: z.array(z.string().regex(/^\d{1,19}$/)) });

const readCopied = (metadata: RecordedEvent['metadata']) => copied.safeParse(metadata.copied).data;

/** An event for another log, with what it cannot keep there. `copyEnd`: of the log that it is in, as in withOriginalTimes. */
export function asCopied(event: RecordedEvent, copyEnd: bigint | undefined): Required<PlacedEvent> {
  const { id, type, data, stream, revision, position, recordedAt } = event;
  const { copied: claimed, ...metadata } = event.metadata;
  const before =
    claimed !== undefined && isBefore(position, copyEnd) ? readCopied(event.metadata) : undefined;
  const positions = [...(before?.positions ?? []), position.toString()];
  return {
    ...{ id, type, data, stream, revision, recordedAt },
    metadata: { ...metadata, copied: { at: recordedAt.toISOString(), positions } },
  };
}

const isBefore = (position: bigint, copyEnd: bigint | undefined): boolean =>
  copyEnd !== undefined && position < copyEnd;

/**
 * A store whose log dates what is appended to it, so that copied events would be of the day they were copied. Of those before the end of
 * the copy, which the log itself tells, the metadata is believed; of all others it is not, whatever they claim.
 */
export function withOriginalTimes(store: EventStore, copyEnd: () => bigint | undefined): EventStore {
  return new StoreWithOriginalTimes(store, copyEnd);
}

class StoreWithOriginalTimes implements EventStore {
  readonly atomicity: EventStore['atomicity'];
  readonly positions: EventStore['positions'];
  readonly fill: EventStore['fill'];
  readonly append: EventStore['append'];
  readonly head: EventStore['head'];
  readonly reaches: EventStore['reaches'];
  readonly subscribe: EventStore['subscribe'];
  readonly checkHealth: EventStore['checkHealth'];
  readonly close: EventStore['close'];

  constructor(
    private readonly store: EventStore,
    private readonly copyEnd: () => bigint | undefined,
  ) {
    this.atomicity = store.atomicity;
    this.positions = store.positions;
    this.fill = store.fill && ((events, after) => store.fill?.(events, after) as Promise<number>);
    this.append = (writes) => store.append(writes);
    this.head = () => store.head();
    this.reaches = (position) => store.reaches(position);
    this.subscribe = (onAppend) => store.subscribe(onAppend);
    this.checkHealth = () => store.checkHealth();
    this.close = () => store.close();
  }

  async readStream(
    stream: string,
    query: Parameters<EventStore['readStream']>[1],
  ): Promise<readonly RecordedEvent[]> {
    return (await this.store.readStream(stream, query)).map((event) => this.dated(event));
  }

  async readAll(query: LogQuery): Promise<LogPage> {
    const { onEvent } = query;
    const copyEnd = this.copyEnd();
    if (copyEnd === undefined || query.after >= copyEnd) return this.store.readAll(query);
    const page = await this.store.readAll({
      ...query,
      onEvent:
        onEvent && ((event) => onEvent(isBefore(event.position, copyEnd) ? new DatedEvent(event) : event)),
    });
    return { ...page, events: page.events.map((event) => this.dated(event)) };
  }

  private dated(event: RecordedEvent): RecordedEvent {
    if (!isBefore(event.position, this.copyEnd())) return event;
    const original = readCopied(event.metadata);
    return original ? { ...event, recordedAt: new Date(original.at) } : event;
  }
}

/** One that is made as it is asked for, as the event below may be. */
class DatedEvent implements RecordedEvent {
  constructor(private readonly event: RecordedEvent) {}

  get recordedAt(): Date {
    const original = readCopied(this.event.metadata);
    return original ? new Date(original.at) : this.event.recordedAt;
  }
  get position(): bigint {
    return this.event.position;
  }
  get revision(): bigint {
    return this.event.revision;
  }
  get stream(): string {
    return this.event.stream;
  }
  get id(): string {
    return this.event.id;
  }
  get type(): string {
    return this.event.type;
  }
  get data(): RecordedEvent['data'] {
    return this.event.data;
  }
  get metadata(): RecordedEvent['metadata'] {
    return this.event.metadata;
  }
  get dataText(): string {
    return this.event.dataText ?? JSON.stringify(this.event.data);
  }
}
