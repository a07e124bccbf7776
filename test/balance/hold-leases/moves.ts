import { movesOfHolder } from './holder-moves.js';
import { movesOfShortCalls } from './short-calls.js';
import { forget, type Movable, type Move, nameOf, relayOf, type Rule } from './movable.js';
import { type Call, copyOf, GRACE_TICKS, type State } from './world.js';

/** Everything that can happen next. `broken`: a rule that this protocol has not. */
export function movesOf(state: State, leaseSize: number, broken?: Rule): readonly Move[] {
  const moves: Move[] = [];
  const add = (name: string, change: (next: State) => void): void => {
    const next = copyOf(state);
    change(next);
    moves.push([name, next]);
  };
  const has = (rule: Rule): boolean => rule !== broken;
  state.relays.forEach((relay, at) => {
    if (relay.alive) {
      movesOfHolder({ state, relay, at, add, has, leaseSize });
      movesOfShortCalls({ state, relay, at, add, has });
    } else movesOfSweeper({ state, at, add, has });
  });
  movesOfCalls({ state, add });
  movesOfCommand({ state, add, has });
  movesOfCacheAndTables({ state, add, has });
  return moves;
}

function movesOfSweeper({ state, at, add, has }: Movable & { readonly at: number }): void {
  const lease = state.cache.leases[at];
  const isCharging = state.calls.some(
    ({ relay, phase, claim }) => relay === at && phase === 'charged' && claim === 'nothing',
  );
  const rule = 'the lease of a dead holder claims until the tables have its charges';
  if (lease?.left === 0 && !(isCharging && has(rule)))
    add(`the lease of ${nameOf(at)} is swept`, (next) => (next.cache.leases[at] = undefined));
  const orphan = state.calls.findIndex(({ relay, phase }) => relay === at && phase === 'open');
  if (orphan >= 0) add(`a call of ${nameOf(at)} is swept`, (next) => next.calls.splice(orphan, 1));
}

/** A call of the living ends: with a charge, or with nothing. */
function movesOfCalls({ state, add }: Pick<Movable, 'state' | 'add'>): void {
  state.calls.forEach(({ phase, relay }, which) => {
    if (phase !== 'open' || !relayOf(state, relay).alive) return;
    add(`a call of ${nameOf(relay)} is charged`, (next) => {
      next.pending += 1;
      Object.assign(next.calls[which] as Call, { phase: 'charged', place: next.pending });
    });
    add(`a call of ${nameOf(relay)} costs nothing`, (next) => {
      const call = next.calls[which] as Call;
      call.phase = 'resolved';
      // What it took of its lease is there again, unless a message already says that it is open.
      if (!call.isInClosing) call.claim = 'nothing';
      forget(next);
    });
  });
}

function movesOfCommand({ state, add, has }: Movable): void {
  const { command, cache } = state;
  if (command === 'not yet')
    add('the revocation is stored', (next) => {
      next.command = 'appended';
      next.pending += 1;
      next.revocation = next.pending;
    });
  if (command === 'appended')
    add('its guard is raised', (next) => {
      next.command = 'raised';
      next.cache.isGuardRaised = true;
    });
  const areOver = cache.leases.every((lease) => lease === undefined || lease.left === 0);
  if (
    command === 'raised' &&
    (areOver || !has('a command waits for every lease of its key')) &&
    (cache.grace === 0 || !has('a command waits for the leases of a lost cache'))
  )
    add('the revocation is answered', (next) => (next.command = 'answered'));
}

function movesOfCacheAndTables({ state, add, has }: Movable): void {
  const { cache, pending } = state;
  if (pending > 0) add('the tables have the next event', project);
  if (cache.isSpared && state.relays.every(({ short }) => short === undefined))
    add('the account is spared no longer', (next) => (next.cache.isSpared = false));
  if (state.topUpsToCome > 0)
    add('a top-up is stored', (next) => {
      next.topUpsToCome -= 1;
      next.pending += 1;
      next.topUp = next.pending;
    });
  const mayLoad = cache.needed === 0 || !has('tables pass the end of the log before a lost cache is filled');
  if (!cache.isCached && cache.grace === 0 && mayLoad)
    add('the cache is filled', (next) => {
      next.cache.isCached = true;
      next.cache.isGuardRaised ||= next.isRevocationProjected;
    });
  if (state.lossesToCome > 0) add('the cache is lost', (next) => lose(next, has));
  const mustRegister = cache.grace === 1 && state.relays.some(({ isBehind }) => isBehind);
  if (hasCountdown(state) && !mustRegister) add('time passes', (next) => tick(next, has));
}

function project(state: State): void {
  state.pending -= 1;
  state.cache.needed = Math.max(0, state.cache.needed - 1);
  for (const call of state.calls) {
    if (call.phase !== 'charged') continue;
    call.place -= 1;
    if (call.place > 0) continue;
    call.phase = 'resolved';
    state.projected -= 1;
    if (call.claim === 'own') call.claim = 'nothing';
  }
  if (state.topUp > 0 && (state.topUp -= 1) === 0) state.projected += 1;
  if (state.revocation > 0 && (state.revocation -= 1) === 0) state.isRevocationProjected = true;
  forget(state);
}

function lose(state: State, has: Movable['has']): void {
  const { relays, calls } = state;
  state.lossesToCome -= 1;
  const grace = has('nothing is held until owners have registered') ? GRACE_TICKS : 0;
  const needed = grace === 0 ? state.pending : 0;
  state.cache = {
    isCached: false,
    isGuardRaised: false,
    isSpared: false,
    grace,
    needed,
    leases: [undefined, undefined],
  };
  for (const relay of relays) {
    relay.isBehind = relay.alive && grace > 0;
    // Nothing is held now, and whoever asks again finds for himself what is there.
    relay.short = undefined;
  }
  for (const call of calls) if (call.claim === 'own') call.claim = 'nothing';
  // Nobody is there who would register or sweep them.
  state.calls = calls.filter(({ phase, relay }) => phase !== 'open' || relayOf(state, relay).alive);
  forget(state);
}

const hasCountdown = ({ cache, relays }: State): boolean =>
  cache.grace > 0 ||
  cache.leases.some((lease) => lease !== undefined && lease.left > 0) ||
  relays.some(({ lease, short = 0 }) => short > 0 || (lease !== undefined && lease.left > 0));

function tick(state: State, has: Movable['has']): void {
  const { cache } = state;
  for (const relay of state.relays) {
    if (relay.lease && relay.lease.left > 0) relay.lease.left -= 1;
    if (relay.short !== undefined && relay.short > 0) relay.short -= 1;
  }
  cache.leases = cache.leases.map((lease) => {
    if (!lease || lease.left === 0) return lease;
    if (lease.left === 1 && !has('a lease claims until its holder has closed it')) return undefined;
    return { ...lease, left: lease.left - 1 };
  });
  if (cache.grace > 0 && (cache.grace -= 1) === 0) cache.needed = state.pending;
}
