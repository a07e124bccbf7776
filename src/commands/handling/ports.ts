import type { CodeTerms } from '../../domain/code/state.js';
import type { EventStore } from '../../eventstore/event-store.js';
import type { Keyring } from '../../support/keyring.js';
import type { PersonalDataVault } from '../../support/personal-data-vault.js';
import type { HandleTimings } from './timings.js';

/** The revision of a token's, an account's or a team's stream: copies read before it are stale. */
export interface GuardRaise {
  readonly key: `token:${number}` | `account:${string}` | `team:${string}`;
  readonly revision: bigint;
}

/** Makes older copies of tokens and accounts stale on every node (the cached balance). */
export interface Guards {
  raiseGuards(guards: readonly GuardRaise[]): Promise<void>;
}

/** Keeps quota of an account from being spent while it is being taken back. Rejects when the cache cannot be reached. */
export interface Reservations {
  /**
   * Holds exactly `quota` of the account or nothing. Repeating a hold id answers as the first time.
   * `context` is a HoldContext of kind refund, adjustment or grant, as JSON text. A balance that is short and has not heard of `creditedAt`, the
   * position at which what is held was credited, is waited for. Throws CacheUnavailable where it does not come in time.
   */
  reserve(request: {
    readonly accountId: string;
    readonly holdId: string;
    readonly quota: bigint;
    readonly context: string;
    readonly creditedAt?: bigint | undefined;
  }): Promise<
    { readonly ok: true } | { readonly ok: false; readonly needed: bigint; readonly available: bigint }
  >;
  /** What was held is durable at this log position: the projector drops the hold. Where it has passed the position, it is dropped at once. */
  settle(hold: { readonly holdId: string; readonly quota: bigint; readonly position: bigint }): Promise<void>;
  release(holdId: string): Promise<void>;
  /** Whether the event was stored is not known: this process stops keeping the hold alive, and the sweeper resolves it. */
  abandon(holdId: string): void;
}

/** Sequences; numbers may be skipped, never given twice. */
export interface NumericIds {
  nextUserId(): Promise<number>;
  nextTokenId(): Promise<number>;
}

export interface IssuedSecret {
  readonly tokenId: number;
  readonly accessKey: string;
}

/** Access keys made under an idempotency key, sealed, for 24 hours: so that a retry is answered with the same key. */
export interface IssuedSecrets {
  /** Keeps the secret unless the request has one already. Answers the one that stands. */
  keep(requestKey: string, secret: IssuedSecret): Promise<IssuedSecret>;
  /** Undefined when there is none, or it has expired. */
  find(requestKey: string): Promise<IssuedSecret | undefined>;
}

/** Which corrections wait for a second operator: where to look in the log, which alone says whether one still does. */
export interface AdjustmentRequests {
  add(request: { readonly adjustmentId: string; readonly externalUserId: string }): Promise<void>;
  remove(adjustmentId: string): Promise<void>;
}

/** Orders of an account that are on their way into the log: so that two that are placed at once are counted both. */
export interface OrderSlots {
  /** Counts the account's other orders, also those that no read model has yet, and this one with them unless they are too many already. */
  take(order: {
    readonly orderId: string;
    readonly accountId: string;
    readonly now: Date;
    readonly openMost: number;
    readonly hourlyMost: number;
  }): Promise<'taken' | 'open-most' | 'hourly-most'>;
}

/** How many codes that there are not an account may try in an hour. */
export const CODE_GUESSES_MOST = 10;

/** What accounts have tried in the last hour that was no code. */
export interface CodeGuesses {
  areTooMany(accountId: string, now: Date): Promise<boolean>;
  /** Counts one more, also of any number at once. @returns false where it was one too many */
  count(accountId: string, now: Date): Promise<boolean>;
}

/** A batch of codes up to a revision of its stream. */
export interface KnownBatch {
  readonly terms: Pick<CodeTerms, 'name' | 'quota' | 'ends_at' | 'grant_days'>;
  /** The batch, or the code that was asked for. */
  readonly isVoided: boolean;
  readonly revision: bigint;
}

export interface KnownCode {
  readonly batchId: string;
  /** Undefined where only the log has it yet. */
  readonly inTables: KnownBatch | undefined;
}

export interface CommandDependencies {
  readonly store: EventStore;
  readonly vault: PersonalDataVault;
  readonly keyring: Keyring;
  readonly ids: NumericIds;
  readonly secrets: IssuedSecrets;
  readonly guards: Guards;
  readonly reservations: Reservations;
  readonly adjustmentRequests: AdjustmentRequests;
  /** The largest correction, in quota, that one operator makes alone. Undefined: any. */
  readonly adjustAlone: bigint | undefined;
  /** Whether new grants are given: only where every process knows them. */
  readonly givesGrants: boolean;
  /** Whether users are bound to whoever invited them: only where every process knows it. */
  readonly bindsReferrals: boolean;
  /** Whether plans are published and ordered: only where every process knows them. */
  readonly sellsPlans: boolean;
  /** Whether teams are created and changed: only where every process knows them. */
  readonly hasTeams: boolean;
  /** Whether fees and payouts of providers are booked: only where every process knows them. */
  readonly booksCash: boolean;
  /** Of the ledger: whose months a plan's periods are. */
  readonly timezone: string;
  /** What is left of a grant in the tables, and what they know to be withdrawn of it; undefined where they do not have it yet. */
  readonly leftOfGrant: (
    grantId: string,
  ) => Promise<{ readonly left: bigint; readonly withdrawn: bigint } | undefined>;
  /** Whether new codes are made: only where every process knows them. */
  readonly makesCodes: boolean;
  /** The code of a hash, by the tables and, of the log, what is behind them. */
  readonly codeOf: (codeHash: string) => Promise<KnownCode | undefined>;
  readonly codeGuesses: CodeGuesses;
  /** The account's projected balance in quota; 0 before its first credit. */
  readonly balanceOf: (accountId: string) => Promise<bigint>;
  /**
   * The tokens that the account was ever given, but for some that are known to be revoked: those of the read models, and of the log what is
   * behind them. Slow where the read models are far behind.
   */
  readonly tokensOf: (accountId: string) => Promise<readonly number[]>;
  /**
   * Orders that may have been paid by what a provider calls so, none that was left out: those of the read models, and of the log what is behind
   * them. Each is to be looked at, since another provider may call another payment so.
   */
  readonly ordersPaidBy: (providerPayment: string) => Promise<readonly string[]>;
  readonly orderSlots: OrderSlots;
  readonly now: () => Date;
  /** A new random UUID each time. */
  readonly newId: () => string;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly timings: HandleTimings;
  /** How long a claim is kept for an account that does not carry the value (yet), in milliseconds. */
  readonly claimGraceMs: number;
}
