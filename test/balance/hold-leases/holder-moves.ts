import { forget, type Movable, nameOf, relayOf } from './movable.js';
import { available, type Call, LEASE_TICKS, type Relay, type State } from './world.js';

type OfHolder = Movable & { readonly relay: Relay; readonly at: number; readonly leaseSize: number };

export function begin(state: State, at: number, claim: Call['claim']): void {
  state.callsToCome -= 1;
  state.calls.push({ relay: at, phase: 'open', claim, isInClosing: false, place: 0 });
  if (state.command === 'answered') state.wrong = 'a call was admitted after the revocation was answered';
}

/** What a relay that lives does: with the cache, with its lease, and with the calls that it admits. */
export function movesOfHolder(parts: OfHolder): void {
  const { state, relay, at, add, has } = parts;
  const { cache } = state;
  const isServed = !relay.isBehind && cache.grace === 0 && cache.isCached;
  if (isServed && state.callsToCome > 0 && !relay.knowsRevoked) {
    if (cache.isGuardRaised && has('a lease is refused to an old copy of its key')) {
      add(`${nameOf(at)} hears that its copy is stale`, (next) =>
        Object.assign(relayOf(next, at), { knowsRevoked: true, short: undefined }),
      );
    } else {
      if (available(state) > 0) add(`${nameOf(at)} holds for one call`, (next) => begin(next, at, 'own'));
      const isSpared = cache.isSpared && has('none is leased of an account that is spared');
      if (!relay.lease && !isSpared) movesOfAsking(parts);
    }
  }
  if (relay.lease) movesOfLease(parts, relay.lease);
  if (relay.isBehind) add(`${nameOf(at)} registers what is open`, (next) => register(next, at, has));
  if (state.crashesToCome > 0) add(`${nameOf(at)} dies`, (next) => crash(next, at));
}

/** Of whatever size: poor accounts are granted less, and how much less is nobody's promise. */
function movesOfAsking({ state, at, add, leaseSize }: OfHolder): void {
  for (let granted = 1; granted <= Math.min(leaseSize, available(state)); granted += 1) {
    add(`the cache grants ${nameOf(at)} a lease of ${granted}`, (next) => {
      relayOf(next, at).lease = { phase: 'asked', granted, left: LEASE_TICKS };
      next.cache.leases[at] = { granted, left: LEASE_TICKS };
    });
  }
}

function movesOfLease(
  { state, relay, at, add, has }: OfHolder,
  { phase, granted, left }: NonNullable<Relay['lease']>,
): void {
  const used = state.calls.filter((call) => call.relay === at && call.claim === 'lease').length;
  const admitting =
    phase === 'usable' || (phase === 'closing' && !has('nothing is admitted once a lease is being closed'));
  if (phase === 'asked') {
    add(`${nameOf(at)} has its lease`, (next) => {
      const lease = relayOf(next, at).lease as NonNullable<Relay['lease']>;
      lease.phase = 'usable';
      if (!has('a lease counts from when it was asked for')) lease.left = LEASE_TICKS;
    });
  }
  if (admitting && left > 0 && used < granted && state.callsToCome > 0)
    add(`${nameOf(at)} admits a call`, (next) => begin(next, at, 'lease'));
  if (phase !== 'closing') add(`${nameOf(at)} begins to close its lease`, (next) => startClosing(next, at));
  else if (!relay.isBehind)
    add(`the cache closes the lease of ${nameOf(at)}`, (next) => close(next, at, has));
}

/** From here on its message is on its way. */
export function startClosing(state: State, at: number): void {
  (relayOf(state, at).lease as NonNullable<Relay['lease']>).phase = 'closing';
  for (const call of state.calls) if (call.relay === at && call.claim === 'lease') call.isInClosing = true;
}

function close(state: State, at: number, has: Movable['has']): void {
  relayOf(state, at).lease = undefined;
  state.cache.leases[at] = undefined;
  for (const call of state.calls) {
    if (call.relay !== at || call.claim !== 'lease') continue;
    const rule =
      call.phase === 'open'
        ? 'closing leaves every open call a hold of its own'
        : 'closing leaves every charge a claim until the tables have it';
    const isOver =
      call.phase === 'resolved' && has('what was resolved before its lease is closed stays resolved');
    call.claim = !isOver && call.isInClosing && has(rule) ? 'own' : 'nothing';
    call.isInClosing = false;
  }
  forget(state);
}

function register(state: State, at: number, has: Movable['has']): void {
  const relay = relayOf(state, at);
  relay.isBehind = false;
  const { lease } = relay;
  const keeps = !has('a lease of a lost cache is given up with registering') && lease?.phase === 'usable';
  relay.lease = keeps ? { ...lease, granted: lease.granted } : undefined;
  for (const call of state.calls) {
    if (call.relay !== at) continue;
    call.claim = call.phase === 'resolved' ? 'nothing' : 'own';
    call.isInClosing = false;
  }
  forget(state);
}

/** Its clients hear no more, and what it had open costs nothing; only what is in the cache is left to be swept. */
function crash(state: State, at: number): void {
  state.crashesToCome -= 1;
  Object.assign(relayOf(state, at), { alive: false, isBehind: false, short: undefined, lease: undefined });
  for (const call of state.calls) {
    if (call.relay !== at) continue;
    if (call.claim === 'lease') call.claim = 'nothing';
    call.isInClosing = false;
  }
  forget(state);
}
