import type { AmountLimits } from './fields.js';

/**
 * What a service key may do. `topups` covers refunds; `read` covers all GETs of the external API; `audit` is for auditors; `sessions` hands users over
 * to the Portal.
 */
export const scopes = ['users', 'topups', 'tokens', 'read', 'audit', 'sessions'] as const;
export type Scope = (typeof scopes)[number];

/** A service key: its own id (never the key), what it may do, and where people may be led back to. */
export interface FoundServiceKey {
  readonly id: string;
  readonly scopes: readonly Scope[];
  readonly returnOrigins?: readonly string[];
}

/** The keys of front ends. */
export interface ServiceKeys {
  /** Undefined when it is unknown or revoked. */
  find(key: string): Promise<FoundServiceKey | undefined>;
}

/** `open` is for a network that is trusted as a whole: nobody is asked for a key. `loopbackOnly`: that network is this machine. */
export type ExternalAuth =
  | { readonly mode: 'open'; readonly loopbackOnly?: boolean }
  | { readonly mode: 'key'; readonly keys: ServiceKeys };

export interface RateLimit {
  readonly perSecond: number;
  /** How many requests may come at once after a pause. */
  readonly burst: number;
}

export interface HttpSettings {
  /** IANA name of the zone in which days begin and times are shown (`LEDGER_TIMEZONE`). */
  readonly timezone: string;
  readonly topupLimits: AmountLimits;
  readonly bodyLimitBytes: number;
  readonly bodyTimeoutMs: number;
  /** How long an answer waits for the read models to reach what the command wrote. */
  readonly projectionWaitMs: number;
  /** How long a read waits for the position that it asks for. */
  readonly minPositionWaitMs: number;
  /** How long it waits for what the user is known to have settled. */
  readonly settledWaitMs: number;
  /** For each service key; null: no limit. */
  readonly rateLimit: RateLimit | null;
  /** Whether teams can be made and changed. */
  readonly hasTeams: boolean;
}

export const defaultHttpSettings: HttpSettings = {
  timezone: 'UTC',
  topupLimits: { minUsd: '0.01', maxUsd: '1000000' },
  bodyLimitBytes: 1024 * 1024,
  bodyTimeoutMs: 30_000,
  projectionWaitMs: 10_000,
  minPositionWaitMs: 5_000,
  settledWaitMs: 500,
  rateLimit: { perSecond: 1000, burst: 2000 },
  hasTeams: false,
};
