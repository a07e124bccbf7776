import { createHash } from 'node:crypto';
import type { EventStore, RecordedEvent } from '../../../eventstore/event-store.js';
import type { Finding } from '../check.js';
import { UuidSet } from '../uuid-set.js';

/**
 * Whether the log is whole: positions ascend (without gaps where the store gives them so), and the revisions of each stream run from 0
 * without one missing; no two events have one id. Memory: some 16 bytes a stream and an event, and an entry for each stream that has more than one event.
 */
export class Order {
  private readonly begun = new UuidSet();
  private readonly ids = new UuidSet();
  /** Of streams with more than one event. */
  private readonly last = new Map<string, bigint>();
  private position: bigint;

  /**
   * @param after where the log is read from, exclusive
   * @param given places that a person has given up: nothing need stand there
   */
  constructor(
    private readonly findings: {
      readonly positions: Finding;
      readonly revisions: Finding;
      readonly ids: Finding;
    },
    private readonly kind: EventStore['positions'],
    after: bigint,
    private readonly given: ReadonlySet<bigint> = new Set(),
  ) {
    this.position = after;
  }

  /** Somebody else's streams are nobody's concern here. */
  apply(recorded: Pick<RecordedEvent, 'position' | 'stream' | 'revision' | 'id' | 'passedOver'>): void {
    this.checkPosition(recorded);
    if (recorded.passedOver === 'foreign') return;
    this.checkRevision(recorded);
    this.checkId(recorded);
  }

  /** The log is read to its end, which must be there. */
  end(until: bigint): void {
    if (this.position < until && this.given.size === 0)
      this.findings.positions.differ(until.toString(), null, `an event at position ${until}`, 'nothing');
  }

  private checkPosition({ position }: Pick<RecordedEvent, 'position'>): void {
    this.findings.positions.compared += 1;
    let next = this.position + 1n;
    while (this.given.has(next) && next < position) next += 1n;
    const right = this.kind === 'gap-free' ? position === next : position >= next;
    if (!right) {
      const expected = this.kind === 'gap-free' ? `position ${next}` : `a position from ${next} on`;
      this.findings.positions.differ(position.toString(), null, expected, `position ${position}`);
    }
    this.position = position;
  }

  private checkId({ position, id }: Pick<RecordedEvent, 'position' | 'id'>): void {
    this.findings.ids.compared += 1;
    if (!this.ids.add(id))
      this.findings.ids.differ(`${position}`, null, 'an id of its own', `${id} once more`);
  }

  private checkRevision({
    position,
    stream,
    revision,
  }: Pick<RecordedEvent, 'position' | 'stream' | 'revision'>): void {
    this.findings.revisions.compared += 1;
    const expected = this.next(stream, revision);
    if (revision === expected) return;
    const place = `revision ${revision} of ${stream}`;
    this.findings.revisions.differ(position.toString(), null, `revision ${expected} of ${stream}`, place);
  }

  /** The revision that must come; it is taken note of that the given one came. */
  private next(stream: string, revision: bigint): bigint {
    const last = this.last.get(stream);
    if (last !== undefined) {
      this.last.set(stream, revision);
      return last + 1n;
    }
    const isNew = this.begun.add(digestOf(stream));
    if (!isNew || revision > 0n) this.last.set(stream, revision);
    return isNew ? 0n : 1n;
  }
}

/** Names are of any length and any form; so many bits of a digest stand for one. */
const digestOf = (stream: string): string => createHash('sha256').update(stream).digest('hex').slice(0, 32);
