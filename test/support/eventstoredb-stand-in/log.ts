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

export type Decision =
  | { readonly decision: 'stored'; readonly revision: bigint; readonly position: bigint }
  | { readonly decision: 'repeated'; readonly revision: bigint }
  | { readonly decision: 'conflict'; readonly current: bigint | undefined };

/** A system event is written after so many appends, as a real server writes its statistics between ours. */
const APPENDS_BETWEEN_SYSTEM_EVENTS = 5;

/**
 * The data of the stand-in; it outlives a restart. Positions have gaps, like the byte offsets of the real one, and
 * the first event of the log is a system event.
 */
export class StandInLog {
  readonly events: StoredEvent[] = [];
  private readonly streams = new Map<string, StoredEvent[]>();
  private readonly listeners = new Set<(event: StoredEvent) => void>();
  private nextPosition = 0n;
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
    if (kept.length === 0) this.store('$stats-127.0.0.1:2113', [systemEvent()]);
  }

  stream(name: string): readonly StoredEvent[] | undefined {
    return this.streams.get(name);
  }

  append(stream: string, expected: Expectation, proposed: readonly ProposedEvent[]): Decision {
    const existing = this.streams.get(stream) ?? [];
    const current = existing.at(-1)?.revision;
    if (!meets(expected, current)) {
      return isRepeat(existing, expected, current, proposed)
        ? { decision: 'repeated', revision: BigInt(first(expected) + proposed.length - 1) }
        : { decision: 'conflict', current };
    }
    this.store(stream, proposed);
    const last = this.events.at(-1);
    if (last === undefined) throw new Error('an append without events');
    this.appends += 1;
    if (this.appends % APPENDS_BETWEEN_SYSTEM_EVENTS === 0)
      this.store('$stats-127.0.0.1:2113', [systemEvent()]);
    return { decision: 'stored', revision: last.revision, position: last.position };
  }

  listen(onEvent: (event: StoredEvent) => void): () => void {
    this.listeners.add(onEvent);
    return () => void this.listeners.delete(onEvent);
  }

  private store(stream: string, proposed: readonly ProposedEvent[]): void {
    let position = this.nextPosition;
    const known = this.streams.get(stream)?.length ?? 0;
    const stored = proposed.map((event, index) => {
      const placed = { ...event, stream, revision: BigInt(known + index), position, createdAtMs: Date.now() };
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
    this.nextPosition = event.position + 113n + BigInt(event.data.length);
  }
}

function systemEvent(): ProposedEvent {
  return {
    id: crypto.randomUUID(),
    type: '$statsCollected',
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

/** Only ids are compared, and only where the expectation lies below the current revision. */
function isRepeat(
  existing: readonly StoredEvent[],
  expected: Expectation,
  current: bigint | undefined,
  proposed: readonly ProposedEvent[],
): boolean {
  if (current === undefined || expected === 'any' || expected === 'stream-exists') return false;
  const there = existing.slice(first(expected), first(expected) + proposed.length);
  return there.length === proposed.length && there.every((event, index) => event.id === proposed[index]?.id);
}

function first(expected: Expectation): number {
  return typeof expected === 'bigint' ? Number(expected) + 1 : 0;
}
