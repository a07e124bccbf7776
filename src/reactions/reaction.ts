import type { EventType } from '../domain/events/catalogue.js';
import type { WholeEventOf } from '../projections/runtime/projection.js';
import type { Message } from './outbox/message.js';

/** What follows from events outside of the ledger. Declared like a read model, but it is about what comes and never about what was. */
export interface Reaction<Type extends EventType = EventType> {
  /** For ever: where it is in the log is kept under it, and ids are made of it. */
  readonly name: string;
  /** Counts up when `react` changes, so that in a rolling update the programs of before stand back. It sends nothing again. Default: 1. */
  readonly version?: number;
  readonly handles: readonly Type[];
  /** Where it begins when it is first seen. Default: the end of the log. `beginning`: the whole history is reacted to, once. */
  readonly begins?: 'head' | 'beginning';
  /**
   * Messages that follow from an event. Pure: the same event gives the same messages with the same ids, whoever asks and how often. A throw
   * stops the reaction at this event, as one that cannot be read does.
   */
  react(event: WholeEventOf<Type>): readonly Message[];
}

/** With its types closed over, so that reactions to different events stand in one list. */
export const reaction = <Type extends EventType>(declared: Reaction<Type>): Reaction =>
  declared as unknown as Reaction;
