import type { Relay, State } from './world.js';

/** What the protocol rests on (ADR 0050); each can be left out, and then something must be found to be wrong. */
export type Rule =
  | 'a lease is refused to an old copy of its key'
  | 'a lease counts from when it was asked for'
  | 'a lease claims until its holder has closed it'
  | 'nothing is admitted once a lease is being closed'
  | 'closing leaves every open call a hold of its own'
  | 'closing leaves every charge a claim until the tables have it'
  | 'what was resolved before its lease is closed stays resolved'
  | 'a command waits for every lease of its key'
  | 'a command waits for the leases of a lost cache'
  | 'a call that finds the account short waits for leases'
  | 'none is leased of an account that is spared'
  | 'nothing is held until owners have registered'
  | 'a lease of a lost cache is given up with registering'
  | 'tables pass the end of the log before a lost cache is filled'
  | 'the lease of a dead holder claims until the tables have its charges';

/** What can happen next, and what is then. */
export type Move = readonly [name: string, next: State];

/** What moves are made of. */
export interface Movable {
  readonly state: State;
  readonly add: (name: string, change: (next: State) => void) => void;
  /** Whether the protocol has it. */
  readonly has: (rule: Rule) => boolean;
}

export const relayOf = (state: State, at: number): Relay => state.relays[at] as Relay;
export const nameOf = (at: number): string => (at === 0 ? 'A' : 'B');

/** Calls that are over, and that nothing claims for or speaks of. */
export function forget(state: State): void {
  state.calls = state.calls.filter(
    ({ phase, claim, relay }) =>
      claim !== 'nothing' || phase === 'charged' || (phase === 'open' && relayOf(state, relay).alive),
  );
}
