import type {
  AppendOutcome,
  EventData,
  ExpectedRevision,
  JsonObject,
  RecordedEvent,
  StreamWrite,
} from '../event-store.js';

type Appended = Extract<AppendOutcome, { outcome: 'appended' }>;
type Conflict = Extract<AppendOutcome, { outcome: 'conflict' }>;

/** The log itself, apart from its clients, so that several stores can share one. Positions run from 0 without gaps. */
export class MemoryLog {
  private readonly all: RecordedEvent[] = [];
  private readonly streams = new Map<string, RecordedEvent[]>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly now: () => Date) {}

  get events(): readonly RecordedEvent[] {
    return this.all;
  }

  stream(name: string): readonly RecordedEvent[] {
    return this.streams.get(name) ?? [];
  }

  /** All writes or none: a conflict in the last one leaves no trace of those before it. */
  append(writes: readonly StreamWrite[]): Appended | Conflict {
    const staged = new Map<string, RecordedEvent[]>();
    const added: RecordedEvent[] = [];
    const revisions: bigint[] = [];
    let position = -1n;
    for (const write of writes) {
      const stream = staged.get(write.stream) ?? [...this.stream(write.stream)];
      const written = alreadyWritten(stream, write) ?? this.record(stream, write, added);
      if (written === undefined)
        return { outcome: 'conflict', stream: write.stream, actual: lastRevision(stream) };
      staged.set(write.stream, stream);
      revisions.push(written.revision);
      if (written.position > position) position = written.position;
    }
    for (const [name, stream] of staged) this.streams.set(name, stream);
    this.all.push(...added);
    if (added.length > 0) this.ring();
    return { outcome: 'appended', position, revisions };
  }

  listen(onAppend: () => void): () => void {
    const listener = (): void => onAppend();
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private record(
    stream: RecordedEvent[],
    write: StreamWrite,
    added: RecordedEvent[],
  ): RecordedEvent | undefined {
    if (write.expected !== lastRevision(stream)) return undefined;
    for (const event of write.events) {
      const recorded = this.recorded(event, write.stream, stream.length, this.all.length + added.length);
      stream.push(recorded);
      added.push(recorded);
    }
    return stream.at(-1);
  }

  private recorded(event: EventData, stream: string, revision: number, position: number): RecordedEvent {
    return {
      id: event.id,
      type: event.type,
      data: throughJson(event.data),
      metadata: throughJson(event.metadata),
      stream,
      revision: BigInt(revision),
      position: BigInt(position),
      recordedAt: this.now(),
    };
  }

  private ring(): void {
    for (const listener of this.listeners) {
      setImmediate(() => {
        if (this.listeners.has(listener)) listener();
      });
    }
  }
}

/** The last event of an earlier append of the same ids at the same place: only ids are compared, never bodies. */
function alreadyWritten(stream: readonly RecordedEvent[], write: StreamWrite): RecordedEvent | undefined {
  const from = write.expected === 'no-stream' ? 0 : Number(write.expected) + 1;
  const there = stream.slice(from, from + write.events.length);
  if (there.length < write.events.length) return undefined;
  return there.every((event, index) => event.id === write.events[index]?.id) ? there.at(-1) : undefined;
}

function lastRevision(stream: readonly RecordedEvent[]): ExpectedRevision {
  return stream.length === 0 ? 'no-stream' : BigInt(stream.length - 1);
}

/** What a real log gives back is a copy, and only what JSON can carry. */
function throughJson(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
