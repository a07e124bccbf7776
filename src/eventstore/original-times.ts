import { z } from 'zod';
import type { EventStore, LogPage, LogQuery, RecordedEvent } from './event-store.js';
import { TextEvent, textEventOf } from './text-event.js';

/** In the metadata of a copied event: when it was recorded, and its place in each log it was copied from, the first one first. */
const copied = z.object({ at: z.iso.datetime(), positions: z.array(z.string().regex(/^\d{1,19}$/)) });

/** What a copy added to the metadata of an event, where that can be read, and the metadata without it. */
interface Told {
  readonly own: string;
  readonly copied: z.infer<typeof copied> | undefined;
}

/** As it is written below, at the end of the object; in a string its quotes would be escaped, and in an inner object more braces would follow. */
const AT_THE_END =
  /^"copied":\{"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","positions":\[((?:"\d{1,19}",?)*)\]\}\}$/;

function toldOf(event: Pick<RecordedEvent, 'metadata' | 'metadataText'>): Told {
  const text = event.metadataText ?? JSON.stringify(event.metadata);
  if (!text.includes('"copied"')) return { own: text, copied: undefined };
  const from = text.lastIndexOf('"copied":');
  const before = text[from - 1];
  const [, at, positions] = ((before === ',' || from === 1) && AT_THE_END.exec(text.slice(from))) || [];
  if (at === undefined || positions === undefined || Number.isNaN(Date.parse(at))) return toldByParsing(text);
  const own = from === 1 ? '{}' : `${text.slice(0, from - 1)}}`;
  return { own, copied: { at, positions: positions.match(/\d+/g) ?? [] } };
}

function toldByParsing(text: string): Told {
  const { copied: claimed, ...own } = JSON.parse(text) as RecordedEvent['metadata'];
  return { own: JSON.stringify(own), copied: copied.safeParse(claimed).data };
}

/** The metadata that an event had before it was copied, as text. */
export const ownMetadata = (event: RecordedEvent): string => toldOf(event).own;

/** An event for another log, with what it cannot keep there. `copyEnd`: of the log that it is in, as in withOriginalTimes. */
export function asCopied(event: RecordedEvent, copyEnd: bigint | undefined): TextEvent {
  const { position, recordedAt } = event;
  const { own, copied: claimed } = toldOf(event);
  const before = isBefore(position, copyEnd) ? claimed?.positions : undefined;
  const positions = [...(before ?? []), position.toString()];
  const told = JSON.stringify({ at: recordedAt.toISOString(), positions });
  const open = own.trimEnd().slice(0, -1).trimEnd();
  const metadataText = `${open}${open === '{' ? '' : ','}"copied":${told}}`;
  return new TextEvent({ ...textEventOf(event), metadataText });
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
    return isBefore(event.position, this.copyEnd()) ? new DatedEvent(event) : event;
  }
}

/** One that is made as it is asked for, as the event below may be. */
class DatedEvent implements RecordedEvent {
  private original: Date | undefined;

  constructor(private readonly event: RecordedEvent) {}

  /** Asked for once by each table: looked for in the metadata once. */
  get recordedAt(): Date {
    if (this.original) return this.original;
    const told = toldOf(this.event).copied;
    return (this.original = told ? new Date(told.at) : this.event.recordedAt);
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
  get metadataText(): string {
    return this.event.metadataText ?? JSON.stringify(this.event.metadata);
  }
}
