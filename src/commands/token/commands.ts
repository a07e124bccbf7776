import type { Command } from '../handling/command.js';

export interface IssueToken {
  readonly externalUserId: string;
  readonly tokenName: string;
  /** Days from now; null: never expires. */
  readonly expiresInDays: number | null;
  /** Instead of days, for keys of a moment. */
  readonly expiresInSeconds?: number | undefined;
  readonly quotaLimit: bigint | null;
  readonly models: readonly string[];
  readonly allowIps: readonly string[];
  readonly group: string | null;
  /** The external id of the member of the account's team whose it is; absent: nobody's but the account's. */
  readonly member?: string | undefined;
}

/** A key that was made elsewhere. */
export interface CarryOverToken extends Omit<IssueToken, 'expiresInDays' | 'expiresInSeconds' | 'member'> {
  /** Of the shape that `isCarriedAccessKey` knows: none else would be let in. */
  readonly accessKey: string;
  /** Unix seconds; null: never expires. */
  readonly expiresAt: number | null;
}

/** Absent fields keep their value. */
export interface ChangeToken {
  readonly externalUserId: string;
  readonly tokenId: number;
  readonly tokenName?: string | undefined;
  readonly enabled?: boolean | undefined;
  /** Why it is disabled or enabled; recorded. */
  readonly reason?: string | undefined;
  readonly expiresInDays?: number | null | undefined;
  readonly quotaLimit?: bigint | null | undefined;
  readonly models?: readonly string[] | undefined;
  readonly allowIps?: readonly string[] | undefined;
  readonly group?: string | null | undefined;
}

interface TokenReference {
  readonly externalUserId: string;
  readonly tokenId: number;
}

interface RevokeToken extends TokenReference {
  /** Recorded. */
  readonly reason?: string | undefined;
}

export interface IssuedToken {
  readonly tokenId: number;
  readonly accountId: string;
  /** Shown once. On a replay within 24 hours it is the same key; later undefined, and only `keyMask` is left. */
  readonly accessKey: string | undefined;
  readonly keyMask: string;
  readonly tokenName: string;
  /** Unix seconds; null: never. */
  readonly expiresAt: number | null;
  readonly quotaLimit: bigint | null;
}

interface Changed {
  readonly tokenId: number;
}

/** The access keys of an account. */
export interface TokenCommands {
  readonly issueToken: Command<IssueToken, IssuedToken>;
  /** A key that its owner has already. */
  readonly carryOverToken: Command<CarryOverToken, Changed>;
  readonly changeToken: Command<ChangeToken, Changed>;
  /** Same token, new key. */
  readonly resetToken: Command<TokenReference, IssuedToken>;
  readonly revokeToken: Command<RevokeToken, Changed>;
}
