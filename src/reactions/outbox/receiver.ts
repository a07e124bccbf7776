import type { OutboxEntry } from './message.js';
import type { SenderSettings } from './sender-settings.js';

/** What a receiver made of a message. `reason` is kept and shown: no secrets, nothing of a person. */
export type Receipt =
  | { readonly kind: 'delivered' }
  /** Not now. `afterMs`: what the other side asked for, at least. */
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs?: number }
  /** Never: what is wrong is in the message, or nobody is there to take it. */
  | { readonly kind: 'rejected'; readonly reason: string };

/**
 * Who is told. A message may come more than once (the process that sent it may have died before it could say so): the receiver does
 * nothing the second time, by the id that never changes.
 */
export interface Receiver {
  readonly name: string;
  /** How hard it is tried, where that differs from the rest. */
  readonly settings?: Partial<Omit<SenderSettings, 'keepDays' | 'graceMs'>>;
  /**
   * Must end soon after `signal` is aborted. A rejection counts as `retry`, and of the error only its name is kept: its text may hold
   * what must not be.
   */
  send(entry: OutboxEntry, signal: AbortSignal): Promise<Receipt>;
}
