import type { z } from 'zod';
import type { Refusal } from './refusal.js';

/** What a decision came to: events to append (none: nothing to do, or already done), or a refusal. */
export type Decision<Event> =
  | { readonly kind: 'accepted'; readonly events: readonly Event[]; readonly replayed?: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Three pure functions: no clock, no random; what they need to know comes in with the command. */
export interface Decider<State, Command, Event> {
  initialState(): State;
  evolve(state: State, event: Event): State;
  decide(command: Command, state: State): Decision<Event>;
  /** The events of this aggregate, so that whoever loads a stream can tell a stranger in it. */
  readonly events: Readonly<Record<string, z.ZodType>>;
}

export const accept = <Event>(...events: Event[]): Decision<Event> => ({ kind: 'accepted', events });

/** The same command came before: nothing to append, the first answer holds. */
export const replay = <Event>(): Decision<Event> => ({ kind: 'accepted', events: [], replayed: true });

export const refuse = <Event>(refusal: Refusal): Decision<Event> => ({ kind: 'refused', refusal });
