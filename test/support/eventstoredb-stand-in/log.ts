import { DELETED, type Retention, retentionOf, shown } from './retention.js';

/** What a client proposes to store: bytes, as the protocol carries them. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface StoredEvent extends ProposedEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly createdAtMs: number;
}

export type Expectation = bigint | 'no-stream' | 'stream-exists' | 'any';

/** A stream was deleted for good: neither read nor written, ever. */
export class Tombstoned extends Error {
  constructor(readonly stream: string) {
    super(`${stream} is deleted`);
  }
}

export type Decision =
  | { readonly decision: 'stored'; readonly revision: bigint; readonly position: bigint }
  /** Without a place where its last event was cut away since. */
  | { readonly decision: 'repeated'; readonly revision: bigint; readonly position: bigint | undefined }
  | { readonly decision: 'conflict'; readonly current: bigint | undefined };

/** Where the first event of a new log stands. */
const FIRST_POSITION = 548n;

/** A system event is written after so many appends, as a real server writes its statistics between ours. */
const APPENDS_BETWEEN_SYSTEM_EVENTS = 5;

/**
 * The data of the stand-in; it outlives a restart. Positions have gaps, like the byte offsets of the real one, and
 * the first event of the log is a system event.
 */
export class StandInLog {
  events: StoredEvent[] = [];
  private readonly streams = new Map<string, StoredEvent[]>();
  private readonly listeners = new Set<(event: StoredEvent) => void>();
  /** Of all events that there ever were: those that were scavenged can still be read from. */
  private readonly positions = new Set<bigint>();
  private nextPosition = FIRST_POSITION;
  private appends = 0;

  /**
   * @param keep told of all events of an append together, before anybody else is
   * @param kept what `keep` was told by an earlier run, in order
   */
  constructor(
    private readonly keep: (events: readonly StoredEvent[]) => void = () => undefined,
    kept: readonly StoredEvent[] = [],
  ) {
    for (const event of kept) this.place(event);
    if (kept.length === 0) this.store('$$$scavenges', [systemEvent('$metadata')]);
  }

  /** The place of the next event. */
  get end(): bigint {
    return this.nextPosition;
  }

  /** Whether the log can be read from there: a place within a record is none. Beyond the end there is nothing, and no fault. */
  isPlace(position: bigint): boolean {
    return position >= this.nextPosition || this.positions.has(position);
  }

  /** What a read shows of it; undefined: not found. @throws Tombstoned */
  stream(name: string): readonly StoredEvent[] | undefined {
    const events = this.streams.get(name);
    if (!events) return undefined;
    if (isTombstone(events.at(-1))) throw new Tombstoned(name);
    const retention = this.retention(name);
    return retention.truncateBefore === DELETED ? undefined : shown(events, retention);
  }

  /** Nothing is removed from the log, and the stream is not found until somebody appends to it. Answers where the log says so. */
  delete(stream: string): bigint {
    this.setMetadata(stream, `{"$tb":${DELETED}}`);
    return this.last.position;
  }

  /** For good. @throws Tombstoned */
  tombstone(stream: string): bigint {
    if (isTombstone(this.streams.get(stream)?.at(-1))) throw new Tombstoned(stream);
    this.store(stream, [systemEvent('$streamDeleted')], DELETED);
    return this.last.position;
  }

  /** Takes what no read shows any more out of the log; the last event of a stream stays. Positions are not given again. */
  scavenge(): void {
    const kept = new Set<StoredEvent>();
    for (const [name, events] of this.streams) {
      const retention = this.retention(name);
      const left = isTombstone(events.at(-1)) ? [] : shown(events, retention);
      for (const event of [...left, ...events.slice(-1)]) kept.add(event);
      this.streams.set(
        name,
        events.filter((event) => kept.has(event)),
      );
    }
    this.events = this.events.filter((event) => kept.has(event));
  }

  append(stream: string, expected: Expectation, proposed: readonly ProposedEvent[]): Decision {
    const existing = this.streams.get(stream) ?? [];
    if (isTombstone(existing.at(-1))) throw new Tombstoned(stream);
    const current = existing.at(-1)?.revision;
    const deleted = current !== undefined && this.retention(stream).truncateBefore === DELETED;
    if (!meets(expected, deleted && expected !== current ? undefined : current)) {
      const last = repeated(existing, expected, proposed);
      if (!last) return { decision: 'conflict', current };
      const there = shown(existing, this.retention(stream)).includes(last);
      return {
        decision: 'repeated',
        revision: last.revision,
        position: there ? last.position : undefined,
      };
    }
    this.store(stream, proposed);
    const { last } = this;
    // A deleted stream begins anew, behind the revisions that it had.
    if (deleted) this.setMetadata(stream, `{"$tb":${current + 1n}}`);
    this.appends += 1;
    if (this.appends % APPENDS_BETWEEN_SYSTEM_EVENTS === 0)
      this.store('$stats-127.0.0.1:2113', [systemEvent()]);
    return { decision: 'stored', revision: last.revision, position: last.position };
  }

  /** As the server's own bookkeeping may stand behind our last event. */
  writeSystemEvents(count: number): void {
    for (let written = 0; written < count; written++) this.store('$stats-127.0.0.1:2113', [systemEvent()]);
  }

  /** As whoever can write its files may do: what it has is gone, and this is there, in this order. */
  become(events: readonly StoredEvent[]): void {
    this.events = [];
    this.streams.clear();
    this.positions.clear();
    this.nextPosition = FIRST_POSITION;
    for (const event of events) this.place(event);
  }

  listen(onEvent: (event: StoredEvent) => void): () => void {
    this.listeners.add(onEvent);
    return () => void this.listeners.delete(onEvent);
  }

  private get last(): StoredEvent {
    const last = this.events.at(-1);
    if (last === undefined) throw new Error('an append without events');
    return last;
  }

  private retention(stream: string): Retention {
    return retentionOf(stream.startsWith('$') ? undefined : this.streams.get(`$$${stream}`));
  }

  private setMetadata(stream: string, text: string): void {
    this.store(`$$${stream}`, [{ ...systemEvent('$metadata'), data: Buffer.from(text) }]);
  }

  private store(
    stream: string,
    proposed: readonly ProposedEvent[],
    first = (this.streams.get(stream)?.at(-1)?.revision ?? -1n) + 1n,
  ): void {
    let position = this.nextPosition;
    const stored = proposed.map((event, index) => {
      const revision = first + BigInt(index);
      const placed = { ...event, stream, revision, position, createdAtMs: Date.now() };
      position += 113n + BigInt(event.data.length);
      return placed;
    });
    this.keep(stored);
    for (const event of stored) this.place(event);
    for (const event of stored) for (const listener of this.listeners) listener(event);
  }

  private place(event: StoredEvent): void {
    const events = this.streams.get(event.stream) ?? [];
    events.push(event);
    this.streams.set(event.stream, events);
    this.events.push(event);
    this.positions.add(event.position);
    this.nextPosition = event.position + 113n + BigInt(event.data.length);
  }
}

const isTombstone = (event: StoredEvent | undefined): boolean => event?.type === '$streamDeleted';

function systemEvent(type = '$statsCollected'): ProposedEvent {
  return {
    id: crypto.randomUUID(),
    type,
    contentType: 'application/json',
    data: Buffer.from('{"proc-mem":1}'),
    metadata: new Uint8Array(),
  };
}

function meets(expected: Expectation, current: bigint | undefined): boolean {
  if (expected === 'any') return true;
  if (expected === 'stream-exists') return current !== undefined;
  if (expected === 'no-stream') return current === undefined;
  return expected === current;
}

/** The last event of what is there already. Only ids are compared, and only where the expectation lies below the current revision. */
function repeated(
  existing: readonly StoredEvent[],
  expected: Expectation,
  proposed: readonly ProposedEvent[],
): StoredEvent | undefined {
  if (expected === 'any' || expected === 'stream-exists') return undefined;
  const from = expected === 'no-stream' ? 0n : expected + 1n;
  const there = existing.filter(
    ({ revision }) => revision >= from && revision < from + BigInt(proposed.length),
  );
  const same = there.every(({ id }, index) => id.toLowerCase() === proposed[index]?.id.toLowerCase());
  return there.length === proposed.length && same ? there.at(-1) : undefined;
}
