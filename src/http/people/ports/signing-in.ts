import type { SignIn } from '../../../commands/login/factor-ports.js';
import type { BrowserSession } from '../../../commands/login/ports.js';
import type { Login } from '../../../domain/login/state.js';
import type { Visitor } from '../../sessions/browser-sessions.js';
import type { Challenge, PasskeyAnswer } from '../../sessions/passkey-desk.js';
import type { HalfSignedIn, SignedInPerson, Started, Visit } from './person.js';

export interface Credentials {
  /** A username or an address. */
  readonly login: string;
  readonly password: string;
}

export interface PersonToken {
  readonly token: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** Signing in and out. What is wrong is thrown as a failure: 401 `login_failed` whatever it was, 429 `too_many_logins`. */
export interface SigningIn {
  signIn(credentials: Credentials, visitor: Visitor): Promise<Started | HalfSignedIn>;
  /** Throws 400 `sign_in_expired`, 401 `second_factor_wrong`. */
  secondStep(given: { readonly ticket: string; readonly code: string }, visitor: Visitor): Promise<Started>;
  /** A challenge for passkeys, whoever's they are. Throws 409 `passkeys_unavailable`, 429. */
  passkeyOptions(visitor: Visitor): Promise<Challenge>;
  /** By whatever passkey answered the challenge. Throws 401 `passkey_invalid`. */
  signInByPasskey(given: PasskeyAnswer, visitor: Visitor): Promise<Started>;
  /** `code`: where the account has a second factor; else 401 `second_factor_required`. */
  token(
    credentials: Credentials & { readonly code?: string | undefined },
    visitor: Visitor,
  ): Promise<PersonToken>;
  /** A fresh token of the same sign-in. Throws 403 `session_limited` for who was handed over. */
  renew(person: SignedInPerson): Promise<PersonToken>;
  /** Whose token or cookie it is; undefined when it has ended, or nobody signs in to the account any more. */
  findToken(token: string): Promise<SignedInPerson | undefined>;
  findSession(secret: string): Promise<SignedInPerson | undefined>;
  /** The current one is asked for and counts as an attempt. Ends every other sign-in; this one goes on under another cookie. */
  changePassword(
    person: SignedInPerson,
    passwords: { readonly current: string; readonly next: string },
    visit: Visit,
  ): Promise<Started>;
  /**
   * The password is given again, for what asks for a fresh proof; the session goes on under another cookie, and with a token one is begun.
   * Throws as signing in does, and 403 `session_limited`.
   */
  stepUp(person: SignedInPerson, password: string, visit: Visit): Promise<Started>;
  /** Throws 403 `step_up_required` where the last proof is older than ten minutes, `session_limited` for who was handed over. */
  requireProof(person: SignedInPerson): void;
  sessions(person: SignedInPerson): Promise<readonly BrowserSession[]>;
  /** @returns false where there is none of that id */
  endSession(person: SignedInPerson, id: string): Promise<boolean>;
  /** @returns how many */
  endOthers(person: SignedInPerson): Promise<number>;
  /** Who signed in to the account in the last 90 days, the newest first. */
  signIns(person: SignedInPerson, limit: number): Promise<readonly SignIn[]>;
  /** How the person signs in, as the log has it. */
  login(accountId: string): Promise<Login | undefined>;
  /** Whether the address is the one that was last verified. */
  isVerified(login: Login | undefined, email: string): boolean;
  /** The end of the log. */
  head(): Promise<bigint>;
}
