import { Order } from '../books/verify/fold/order.js';
import { Finding } from '../books/verify/check.js';
import { ledgerDecider } from '../domain/ledger/decide.js';
import { ledgerStream } from '../domain/streams.js';
import { load } from '../commands/handling/load.js';
import type { EventStore, RecordedEvent } from '../eventstore/event-store.js';
import { BEFORE_FIRST, MAX_APPEND_BYTES } from '../eventstore/event-store.js';

/** The log that is to be moved is not one that a ledger wrote: a copy of it would pass on what is wrong with it. */
export class SourceNotWhole extends Error {
  override readonly name = 'SourceNotWhole';

  constructor(what: string) {
    super(
      `the log to move is not whole: ${what}. Nothing went over, and what there is of its copy is used by nobody; bring the true log back first (docs/how-to/move-the-log.md)`,
    );
  }
}

/** Whether a log that is copied is whole, as far as its events are given to it one after the other. @throws SourceNotWhole */
export class WholeSource {
  private readonly findings = {
    positions: new Finding('positions'),
    revisions: new Finding('revisions'),
    ids: new Finding('ids'),
  };
  // Places without an event are looked for where pages are read: what is not copied stands at places too.
  private readonly order = new Order(this.findings, 'ascending', BEFORE_FIRST);

  /** @param hasGivenUp a person has given up places, so that nobody knows which revisions are missing */
  constructor(private readonly hasGivenUp: boolean) {}

  apply(event: Pick<RecordedEvent, 'position' | 'stream' | 'revision' | 'id'>): void {
    this.order.apply(event);
    const { positions, ids, revisions } = this.findings;
    const wrong =
      positions.differences[0] ??
      ids.differences[0] ??
      (this.hasGivenUp ? undefined : revisions.differences[0]);
    if (!wrong) return;
    throw new SourceNotWhole(`at position ${wrong.key} expected ${wrong.expected}, found ${wrong.found}`);
  }
}

/** Places at which nothing stands, and nothing need stand, since a person has said so. @throws EventStoreUnavailable */
export async function givenUpPlaces(store: Pick<EventStore, 'readStream'>): Promise<ReadonlySet<bigint>> {
  const { state } = await load(store, ledgerStream, ledgerDecider);
  const given = state?.skipped.filter(({ event }) => event === null) ?? [];
  return new Set(given.map(({ position }) => position));
}

/** What one page of a log has to be, whatever its events say. */
export class WholePage {
  fault: SourceNotWhole | undefined;
  private position: bigint;

  constructor(
    after: bigint,
    private readonly positions: EventStore['positions'],
    private readonly given: ReadonlySet<bigint>,
  ) {
    this.position = after;
  }

  /** False once anything was wrong: nothing of the rest is worth its memory. */
  takes(event: RecordedEvent): boolean {
    if (this.fault) return false;
    const what = this.wrongPlace(event.position) ?? tooLarge(event);
    if (what !== undefined) this.fault = new SourceNotWhole(what);
    this.position = event.position;
    return what === undefined;
  }

  private wrongPlace(found: bigint): string | undefined {
    if (found <= this.position)
      return `behind position ${this.position} stands one that says it is at position ${found}`;
    if (this.positions !== 'gap-free') return undefined;
    let next = this.position + 1n;
    while (this.given.has(next) && next < found) next += 1n;
    return next === found ? undefined : `nothing stands at position ${next}`;
  }
}

function tooLarge(event: RecordedEvent): string | undefined {
  const { dataText = JSON.stringify(event.data), metadataText = JSON.stringify(event.metadata) } = event;
  // Text has at least as many bytes as characters; what is longer need not be measured.
  const characters = dataText.length + metadataText.length;
  if (characters <= MOST_BYTES / 3) return undefined;
  const bytes =
    characters > MOST_BYTES ? characters : Buffer.byteLength(dataText) + Buffer.byteLength(metadataText);
  return bytes > MOST_BYTES
    ? `the event at position ${event.position} has ${bytes} bytes or more, which is more than is ever appended`
    : undefined;
}

/** Of one append, and as much again for what a copy and a seal add. */
const MOST_BYTES = 2 * MAX_APPEND_BYTES;
