/**
 * The world of the model: one key with one budget, two relays, a command that revokes the key, one top-up, and a cache that may be lost.
 * Every call holds 1 and is charged 1 or nothing. Time is a matter of ticks: what runs out counts down, so that it has no end.
 */

/** Of a lease and of the cache's grace after a loss, in ticks. */
export const LEASE_TICKS = 2;
export const GRACE_TICKS = 3;

export interface Bounds {
  /** Quota there is at first. */
  readonly balance: number;
  readonly calls: number;
  /** The most that a lease is granted. */
  readonly leaseSize: number;
  readonly topUps: number;
  /** Of its key: one, or none. */
  readonly revocations: number;
  readonly crashes: number;
  readonly losses: number;
}

/** What its holder knows of a lease. `asked`: granted, and the answer is under way. */
interface Lease {
  phase: 'asked' | 'usable' | 'closing';
  readonly granted: number;
  /** Ticks, by its holder's clock, in which calls may still be admitted. */
  left: number;
}

export interface Relay {
  alive: boolean;
  /** Its copy of the key is the one after the revocation. */
  knowsRevoked: boolean;
  /** The cache was lost, and this relay has not registered what it has open. */
  isBehind: boolean;
  /** A call of it found the account short: ticks for which it still waits for leases of others. */
  short: number | undefined;
  lease: Lease | undefined;
}

/** From its admission until nothing remembers it. */
export interface Call {
  readonly relay: number;
  /** `charged`: in the log, and not yet in the tables. `resolved`: over for the cache, which remembers its id. */
  phase: 'open' | 'charged' | 'resolved';
  /** What has it in the cache: the claim of a lease, one of its own, or nothing. */
  claim: 'lease' | 'own' | 'nothing';
  /** It is in the message by which its lease is closed. */
  isInClosing: boolean;
  /** Place of its charge among the events that the tables do not have; 0 where there is none. */
  place: number;
}

export interface State {
  relays: Relay[];
  calls: Call[];
  callsToCome: number;
  topUpsToCome: number;
  crashesToCome: number;
  lossesToCome: number;
  /** The balance in the tables. */
  projected: number;
  /** Events that the tables do not have. */
  pending: number;
  /** Places as those of charges; 0 where it is not there or is projected. */
  topUp: number;
  revocation: number;
  isRevocationProjected: boolean;
  command: 'never' | 'not yet' | 'appended' | 'raised' | 'answered';
  cache: {
    isCached: boolean;
    /** Whether a copy of the key from before the revocation is out of date. */
    isGuardRaised: boolean;
    /** The account was found short: none is leased. */
    isSpared: boolean;
    /** Ticks until something may be held. */
    grace: number;
    /** How many of the pending events the tables must have before a balance is loaded. */
    needed: number;
    /** By relay: what is granted, and the ticks until its holder admits nothing more. */
    leases: ({ readonly granted: number; left: number } | undefined)[];
  };
  /** What must never be, as soon as it is. */
  wrong: string | undefined;
}

const relay = (): Relay => ({
  alive: true,
  knowsRevoked: false,
  isBehind: false,
  short: undefined,
  lease: undefined,
});

export const beginning = (bounds: Bounds): State => ({
  relays: [relay(), relay()],
  calls: [],
  callsToCome: bounds.calls,
  topUpsToCome: bounds.topUps,
  crashesToCome: bounds.crashes,
  lossesToCome: bounds.losses,
  projected: bounds.balance,
  pending: 0,
  topUp: 0,
  revocation: 0,
  isRevocationProjected: false,
  command: bounds.revocations > 0 ? 'not yet' : 'never',
  cache: {
    ...{ isCached: true, isGuardRaised: false, isSpared: false, grace: 0, needed: 0 },
    leases: [undefined, undefined],
  },
  wrong: undefined,
});

export const copyOf = (state: State): State => ({
  ...state,
  relays: state.relays.map((each) => ({ ...each, lease: each.lease && { ...each.lease } })),
  calls: state.calls.map((each) => ({ ...each })),
  cache: { ...state.cache, leases: state.cache.leases.map((each) => each && { ...each }) },
});

/** By the cache's own reckoning. */
export function available({ projected, calls, cache }: State): number {
  const leased = cache.leases.reduce((sum, lease) => sum + (lease?.granted ?? 0), 0);
  return projected - leased - calls.filter(({ claim }) => claim === 'own').length;
}

/** What the log has, less what the calls that go on may still cost. */
export function left({ projected, topUp, calls, relays }: State): number {
  const charged = calls.filter(({ phase }) => phase === 'charged').length;
  const open = calls.filter(({ phase, relay: of }) => phase === 'open' && relays[of]?.alive).length;
  return projected + (topUp > 0 ? 1 : 0) - charged - open;
}

/** What leases of the living claim beyond the calls in them, and may still admit calls for. */
export const unused = ({ relays, calls, cache }: State): number =>
  relays.reduce((sum, { alive }, at) => {
    const lease = cache.leases[at];
    if (!alive || !lease || lease.left === 0) return sum;
    return (
      sum + lease.granted - calls.filter(({ relay: of, claim }) => of === at && claim === 'lease').length
    );
  }, 0);

/** Nothing is under way, and nothing is claimed by anybody. */
export const isAtRest = ({ calls, relays, cache, pending, command }: State): boolean =>
  calls.length === 0 &&
  pending === 0 &&
  cache.grace === 0 &&
  relays.every(({ lease, short }) => lease === undefined && short === undefined) &&
  cache.leases.every((lease) => lease === undefined) &&
  ['never', 'not yet', 'answered'].includes(command);

const bits = (...values: readonly boolean[]): number =>
  values.reduce((sum, value, at) => sum + (value ? 1 << at : 0), 0);
const PHASES = ['asked', 'usable', 'closing', 'open', 'charged', 'resolved'];
const CLAIMS = ['lease', 'own', 'nothing'];
const COMMAND = ['not yet', 'appended', 'raised', 'answered', 'never'];

function textOfRelay(state: State, at: number): string {
  const { alive, knowsRevoked, isBehind, short, lease } = state.relays[at] as Relay;
  const held = state.cache.leases[at];
  const calls = state.calls
    .filter((call) => call.relay === at)
    .map(
      ({ phase, claim, isInClosing, place }) =>
        PHASES.indexOf(phase) + 6 * CLAIMS.indexOf(claim) + 18 * bits(isInClosing) + 36 * place,
    )
    .sort((one, other) => one - other);
  const known = lease ? 1 + PHASES.indexOf(lease.phase) + 3 * lease.granted + 15 * lease.left : 0;
  return String.fromCharCode(
    32 + bits(alive, knowsRevoked, isBehind) + 8 * (short === undefined ? 0 : 1 + short),
    32 + known,
    32 + (held ? 1 + held.granted + 5 * held.left : 0),
    32 + calls.length,
    ...calls.map((call) => 32 + call),
  );
}

/** The same text for states that differ in nothing but which relay, or which call, is which. */
export function textOf(state: State): string {
  const { cache } = state;
  const [one, other] = [textOfRelay(state, 0), textOfRelay(state, 1)];
  const common = String.fromCharCode(
    32 +
      state.callsToCome +
      8 * bits(state.topUpsToCome > 0, state.crashesToCome > 0, state.lossesToCome > 0),
    32 + state.projected,
    32 + state.pending + 8 * state.topUp,
    32 + state.revocation + 8 * COMMAND.indexOf(state.command),
    32 + bits(state.isRevocationProjected, cache.isCached, cache.isGuardRaised, cache.isSpared),
    32 + cache.grace + 8 * cache.needed,
  );
  return one < other ? common + one + other : common + other + one;
}
