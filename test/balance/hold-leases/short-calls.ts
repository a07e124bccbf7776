import { begin, startClosing } from './holder-moves.js';
import { type Movable, nameOf, relayOf } from './movable.js';
import { available, LEASE_TICKS, type Relay, type State, unused } from './world.js';

type OfCalls = Movable & { readonly relay: Relay; readonly at: number };

/** A call that finds nothing to hold: it is refused behind a wait for what leases claim and do not need. */
export function movesOfShortCalls({ state, relay, at, add, has }: OfCalls): void {
  const { cache, callsToCome } = state;
  const isServed = !relay.isBehind && cache.grace === 0 && cache.isCached && !cache.isGuardRaised;
  // Whoever waited while other calls took what there was to come: nobody is left who asks.
  if (relay.short !== undefined && (callsToCome === 0 || relay.knowsRevoked))
    return add(`${nameOf(at)} asks no more`, (next) => (relayOf(next, at).short = undefined));
  if (!isServed || callsToCome === 0 || relay.knowsRevoked) return;
  if (relay.short === undefined) {
    if (available(state) <= 0) add(`${nameOf(at)} finds the account short`, (next) => spare(next, at));
    return;
  }
  const isLeased = cache.leases.some((lease, of) => lease !== undefined && state.relays[of]?.alive);
  const mayAsk =
    !isLeased || relay.short === 0 || !has('a call that finds the account short waits for leases');
  if (!mayAsk) return;
  add(`${nameOf(at)} asks once more`, (next) => {
    relayOf(next, at).short = undefined;
    if (available(next) > 0) begin(next, at, 'own');
    else refuse(next);
  });
}

/** Its own lease is closed at once; those of others have no longer than their time. */
function spare(state: State, at: number): void {
  const relay = relayOf(state, at);
  relay.short = LEASE_TICKS;
  state.cache.isSpared = true;
  if (relay.lease && relay.lease.phase !== 'closing') startClosing(state, at);
}

function refuse(state: State): void {
  state.callsToCome -= 1;
  if (unused(state) > 0) state.wrong = 'a call was refused for what a lease claims beyond its calls';
}
