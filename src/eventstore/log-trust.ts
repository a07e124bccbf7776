import type { AppliedEvent } from './applied-event.js';
import type { EventStore, RecordedEvent } from './event-store.js';
import type { SkippedPlaces } from './skipped-places.js';
import type { WrongLog } from './wrong-log.js';

/** A connection that was just made, before anybody else may use it. */
export type NewConnection = Pick<EventStore, 'append' | 'readStream' | 'head' | 'reaches'>;

/**
 * Asked on every new connection before anything else is sent on it: a server, its data or its name may have been exchanged meanwhile.
 * A rejection means that it must not be used.
 */
export type Admission = (connection: NewConnection) => Promise<void>;

/** Whether the log is the one that is meant, as far as it is known; and who wants to know what was seen of it. */
export interface LogTrust {
  /** Why the log must not be used now. */
  readonly doubt: WrongLog | undefined;
  /** An event stands there. @param last of ours that is known of, there or before it */
  saw(position: bigint, last?: AppliedEvent): void;
  /** What a person said nothing is to be made of. */
  readonly skipped: SkippedPlaces;
  /** What is wrong with the seal of an event, or with its having none; undefined where nothing is, or seals are not looked at. */
  sealFault(event: RecordedEvent): string | undefined;
  /** Something in the log is not as it must be. */
  distrust(fault: WrongLog): void;
}
