import { uuid5 } from '../../support/uuid5.js';
import type { JsonObject } from '../../eventstore/event-store.js';

/** Something to be told to somebody outside the ledger. */
export interface Message {
  /** The same for the same reason, for ever: a receiver that has had it does nothing when it comes again. A UUID. */
  readonly id: string;
  /** The name of a receiver. */
  readonly receiver: string;
  /** What it is about, for the receiver: `alert-raised`. */
  readonly kind: string;
  /** Messages of one receiver with the same key go out one after the other; absent: in any order. */
  readonly orderKey?: string | undefined;
  readonly payload: JsonObject;
  /** Not before; absent: at once. */
  readonly dueAt?: Date | undefined;
}

/** Where a message comes from: a reaction and the event it followed from, or what raised it. */
export interface MessageSource {
  readonly source: string;
  readonly position?: bigint | undefined;
}

export const messageStates = ['waiting', 'delivered', 'dead', 'discarded'] as const;

/** A message under way, as its sender and people see it. */
export interface OutboxEntry extends Message, MessageSource {
  readonly state: (typeof messageStates)[number];
  /** Begun so far. */
  readonly attempts: number;
  /** Which lease of the message this is: whoever lost one has another number. */
  readonly lease: number;
  /** Why the last attempt failed, in the receiver's words; no secrets and nothing of a person. */
  readonly lastFault: string | undefined;
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly endedAt: Date | undefined;
  /** Who discarded it, or had it sent again. */
  readonly handledBy: string | undefined;
  /** Its place among all messages, in the order in which they were put in. */
  readonly sequence: bigint;
}

const NAMESPACE = '2f1d9c0e-6b1f-5d6a-9a43-0d6f3a8b7c55';

/** The id of a message from the reason for it: `parts` name it, such as reaction, event id, receiver and kind. */
export const messageId = (...parts: readonly string[]): string =>
  uuid5(encodeURIComponent(JSON.stringify(parts)), NAMESPACE);
