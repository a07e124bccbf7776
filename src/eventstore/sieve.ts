import type { EventStore, LogPage, LogQuery, RecordedEvent } from './event-store.js';
import type { LogTrust } from './log-trust.js';
import { notSealed, type WrongLog } from './wrong-log.js';

/** What of a log is the ledger's. */
export interface OwnEvents {
  /** Whether a stream is one of ours, by its name. */
  readonly isOurs: (stream: string) => boolean;
  /** Told of events of others that were met. */
  readonly onForeign?: ((events: number) => void) | undefined;
}

/** What tells whose an event is. */
export interface Whose extends Pick<OwnEvents, 'isOurs'>, Pick<EventStore, 'positions'> {
  readonly sealFault?: LogTrust['sealFault'] | undefined;
}

/**
 * Whether an event is somebody else's. A log without gaps is the ledger's alone: where it is sealed, what has a name of others was written
 * by somebody who is not the service, or hidden so.
 */
export function isOfOthers(event: RecordedEvent, { isOurs, positions, sealFault }: Whose): boolean {
  // A type that begins with $ is the server's, whatever the stream.
  if (isOurs(event.stream) && !event.type.startsWith('$')) return false;
  return positions === 'ascending' || sealFault?.(event) === undefined;
}

/**
 * One reading of a page: what is somebody else's, and what a person said nothing is to be made of, does not reach the reader, or with a mark,
 * if that is asked for. Counts all.
 */
export class Sieve {
  /** Events that were found, whoever they are of. */
  found = 0;
  /** The first event of ours that is not sealed as it must be. */
  fault: WrongLog | undefined;
  private foreign = 0;
  private readonly whose: Whose;

  constructor(
    private readonly query: LogQuery,
    private readonly ours: OwnEvents,
    private readonly trust: Pick<LogTrust, 'skipped' | 'sealFault'>,
    positions: EventStore['positions'],
  ) {
    this.whose = { positions, isOurs: ours.isOurs, sealFault: (event) => trust.sealFault(event) };
  }

  /** What is asked of the store in the reader's place. */
  get asked(): LogQuery {
    const { onEvent } = this.query;
    if (!onEvent) return this.query;
    const take = (event: RecordedEvent): void => {
      const mine = this.mine(event);
      if (mine) onEvent(mine);
    };
    return { ...this.query, onEvent: take };
  }

  /** The page as the reader gets it. */
  sifted(page: LogPage): LogPage {
    const events = this.query.onEvent ? page.events : page.events.flatMap((event) => this.mine(event) ?? []);
    if (this.foreign > 0) this.ours.onForeign?.(this.foreign);
    return { ...page, events };
  }

  private mine(event: RecordedEvent): RecordedEvent | undefined {
    this.found += 1;
    const passedOver = this.reasonAgainst(event);
    if (passedOver === undefined) return this.lookedAt(event);
    if (passedOver === 'foreign') this.foreign += 1;
    return this.query.withPassedOver ? marked(event, passedOver) : undefined;
  }

  private lookedAt(event: RecordedEvent): RecordedEvent {
    const { evenUnsealed } = this.query;
    const found = this.fault || evenUnsealed ? undefined : this.trust.sealFault(event);
    if (found !== undefined) this.fault = notSealed(event, found);
    return event;
  }

  private reasonAgainst(event: RecordedEvent): RecordedEvent['passedOver'] {
    if (isOfOthers(event, this.whose)) return 'foreign';
    return this.trust.skipped.has(event) ? 'skipped' : undefined;
  }
}

/** All of it, since the event may be gone when its listener returns. */
export const marked = (event: RecordedEvent, passedOver: 'foreign' | 'skipped'): RecordedEvent => {
  const { id, type, data, metadata, stream, revision, position, recordedAt } = event;
  const { dataText, metadataText } = event;
  const texts = {
    ...(dataText !== undefined && { dataText }),
    ...(metadataText !== undefined && { metadataText }),
  };
  return { id, type, data, metadata, ...texts, stream, revision, position, recordedAt, passedOver };
};
