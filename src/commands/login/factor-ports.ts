import type { SessionOwner } from './ports.js';

/** A secret of an authenticator: in force where the log names its id. */
export interface TotpSecret {
  readonly id: string;
  readonly secret: Uint8Array;
  readonly createdAt: Date;
}

/** What people and operators are asked for beside their password, beside the log. */
export interface FactorSecrets {
  addTotp(owner: SessionOwner, secret: TotpSecret): Promise<void>;
  /** The newest first. */
  totps(owner: SessionOwner): Promise<readonly TotpSecret[]>;
  /** @returns false where this step or a later one was used before */
  useStep(id: string, step: number): Promise<boolean>;
  addCodes(owner: SessionOwner, batch: string, hashes: readonly string[]): Promise<void>;
  /** @returns false where there is no such code in the batch, or it was used before */
  useCode(batch: string, hash: string, now: Date): Promise<boolean>;
  codesLeft(batch: string): Promise<number>;
  /** Deletes what is not among these ids of secrets and batches. */
  keepOnly(owner: SessionOwner, ids: readonly string[]): Promise<void>;
}

/** What has to be known when a sign-in goes on, found by the keyed hash of a secret and gone within minutes. */
export interface SignInSteps {
  add(
    step: { readonly accountId: string | undefined; readonly content: string },
    secretHash: string,
    expiresAt: Date,
  ): Promise<void>;
  find(secretHash: string, now: Date): Promise<string | undefined>;
  /** As `find`, once. */
  take(secretHash: string, now: Date): Promise<string | undefined>;
  purge(now: Date): Promise<number>;
}

export interface SignIn {
  readonly at: Date;
  readonly addressBlock: string;
  readonly agent: string;
  readonly method: string;
}

/** Who signed in to an account. */
export interface SignIns {
  note(accountId: string, signIn: SignIn): Promise<void>;
  /** The newest first. */
  list(accountId: string, limit: number): Promise<readonly SignIn[]>;
  /** Deletes those that are older. @returns how many */
  purge(before: Date): Promise<number>;
}
