import type { EventType } from '../domain/events/catalogue.js';
import type { WholeEventOf } from '../projections/runtime/projection.js';
import type { Message } from './outbox/message.js';

/** What follows from events outside of the ledger. Declared like a read model, but it is about what comes and never about what was. */
export interface Reaction<Type extends EventType = EventType> {
  /** For ever: where it is in the log is kept under it, and ids are made of it. */
  readonly name: string;
  readonly handles: readonly Type[];
  /**
   * Messages that follow from an event. Pure: the same event gives the same messages with the same ids, whoever asks and how often.
   */
  react(event: WholeEventOf<Type>): readonly Message[];
}

/** With its types closed over, so that reactions to different events stand in one list. */
export const reaction = <Type extends EventType>(declared: Reaction<Type>): Reaction =>
  declared as unknown as Reaction;
