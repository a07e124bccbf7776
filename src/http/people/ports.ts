import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Passkey } from '../../commands/login/passkey-ports.js';
import type { SignIn } from '../../commands/login/factor-ports.js';
import type { BrowserSession, Handover } from '../../commands/login/ports.js';
import type { CommandMeta } from '../../commands/handling/command.js';
import type { Login } from '../../domain/login/state.js';
import type { Bilingual } from '../failure.js';
import type { Visitor } from '../sessions/browser-sessions.js';
import type { FactorStanding } from '../sessions/factors.js';

export type Language = keyof Bilingual;

/** Somebody who has signed in to an account and may still act. */
export interface SignedInPerson {
  readonly accountId: string;
  readonly externalUserId: string;
  readonly suspended: boolean;
  /** Of the password: another one ends the sign-in. */
  readonly generation: bigint;
  /** When the password was given, unix seconds. */
  readonly since: number;
  /** Of a browser; undefined where a token was presented. */
  readonly session: BrowserSession | undefined;
}

export interface Credentials {
  /** A username or an address. */
  readonly login: string;
  readonly password: string;
}

/** A sign-in of a browser: `secret` is for its cookie. */
export interface Started {
  readonly person: SignedInPerson;
  readonly secret: string;
}

/** Somebody who has given the password and owes a second factor: `ticket` is for the next step. */
export interface HalfSignedIn {
  readonly methods: readonly ('totp' | 'recovery' | 'passkey')[];
  readonly ticket: string;
  readonly expiresAt: Date;
}

export interface PersonToken {
  readonly token: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

export interface NewPerson {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

/** One request of somebody who need not have signed in. */
export interface Visit {
  readonly visitor: Visitor;
  readonly language: Language;
  readonly meta: CommandMeta;
}

/** Signing in and out. What is wrong is thrown as a failure: 401 `login_failed` whatever it was, 429 `too_many_logins`. */
export interface SigningIn {
  signIn(credentials: Credentials, visitor: Visitor): Promise<Started | HalfSignedIn>;
  /** Throws 400 `sign_in_expired`, 401 `second_factor_wrong`. */
  secondStep(given: { readonly ticket: string; readonly code: string }, visitor: Visitor): Promise<Started>;
  /** A challenge for passkeys, whoever's they are. Throws 409 `passkeys_unavailable`, 429. */
  passkeyOptions(visitor: Visitor): Promise<{ readonly ticket: string; readonly options: object }>;
  /** By whatever passkey answered the challenge. Throws 401 `passkey_invalid`. */
  signInByPasskey(
    given: { readonly ticket: string; readonly response: AuthenticationResponseJSON },
    visitor: Visitor,
  ): Promise<Started>;
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

/** A service of others at which people sign in. */
export interface OfferedProvider {
  readonly name: string;
  readonly kind: 'oidc' | 'github';
  readonly label: string;
}

/** Somebody whom nobody here is linked to. */
export interface Newcomer {
  /** The ticket to register with, for half an hour. */
  readonly newcomer: string;
  /** A proposal. */
  readonly username: string;
  /** Undefined where the service has verified none. */
  readonly email: string | undefined;
}

/** What a browser came back with from a service. */
export interface CameBack {
  readonly provider: string;
  /** Of the cookie that was given on the way there. */
  readonly secret: string | undefined;
  readonly answered: Readonly<Record<string, string>>;
}

/** What a browser is sent to a service with: `secret` is for its cookie. */
export interface SentThere {
  readonly url: string;
  readonly secret: string;
}

/** Signing in by services of others. Throws 404 `provider_not_found`, 502 `provider_away`. */
export interface ByProvider {
  providers(): Promise<readonly OfferedProvider[]>;
  beginAtProvider(provider: string, visitor: Visitor): Promise<SentThere>;
  /** Also throws 400 `sign_in_expired`, 401 `provider_refused`. */
  signInByProvider(given: CameBack, visitor: Visitor): Promise<Started | HalfSignedIn | Newcomer>;
  /** Throws as `register` does. */
  registerByProvider(
    given: { readonly ticket: string; readonly username: string; readonly email: string },
    visit: Visit,
  ): Promise<{ readonly status: Registered['status']; readonly started: Started | undefined }>;
}

export interface LinkedIdentity {
  readonly id: string;
  readonly provider: string;
  readonly label: string;
}

/** What people do about who they are elsewhere. All but looking throws as `requireProof` does. */
export interface OwnIdentities {
  identities(person: SignedInPerson): Promise<readonly LinkedIdentity[]>;
  beginLink(person: SignedInPerson, provider: string, visitor: Visitor): Promise<SentThere>;
  /** Throws as `signInByProvider`, and 409 `identity_taken`. */
  link(person: SignedInPerson, given: CameBack, visit: Visit): Promise<void>;
  /** Throws 404 `identity_not_found`. */
  unlink(person: SignedInPerson, id: string, visit: Visit): Promise<void>;
}

/** What people do about their own second factor. All but looking throws as `requireProof` does. */
export interface OwnFactors {
  factors(person: SignedInPerson): Promise<FactorStanding>;
  beginTotp(person: SignedInPerson, visit: Visit): Promise<{ readonly secret: string; readonly uri: string }>;
  /** @returns recovery codes, where there were none */
  confirmTotp(person: SignedInPerson, code: string, visit: Visit): Promise<readonly string[]>;
  removeTotp(person: SignedInPerson, visit: Visit): Promise<void>;
  renewCodes(person: SignedInPerson, visit: Visit): Promise<readonly string[]>;
}

/** What people do about their own passkeys. All but looking throws as `requireProof` does. */
export interface OwnPasskeys {
  /** Whether browsers have passkeys where the service is reached. */
  hasPasskeys(): boolean;
  passkeys(person: SignedInPerson): Promise<readonly Passkey[]>;
  /** Throws 409 `passkeys_unavailable`, `too_many_passkeys`. */
  beginPasskey(person: SignedInPerson): Promise<{ readonly ticket: string; readonly options: object }>;
  /** Throws 401 `passkey_invalid`. */
  addPasskey(
    person: SignedInPerson,
    given: {
      readonly ticket: string;
      readonly response: RegistrationResponseJSON;
      readonly name: string;
    },
    visit: Visit,
  ): Promise<Passkey>;
  /** Throws 404 `passkey_not_found`. @returns recovery codes, where it is the first that is asked for after the password */
  changePasskey(
    person: SignedInPerson,
    id: string,
    change: { readonly name?: string | undefined; readonly secondStep?: boolean | undefined },
    visit: Visit,
  ): Promise<readonly string[]>;
  /** Throws 404 `passkey_not_found`. */
  removePasskey(person: SignedInPerson, id: string, visit: Visit): Promise<void>;
}

/** What a front end asks for when it sends one of its users to the Portal. */
export interface NewHandover extends Omit<Handover, 'accountId'> {
  readonly externalUserId: string;
  readonly forMs: number;
}

/** Somebody who has come from a front end. */
export interface Entered extends Started {
  readonly page: string;
  readonly language: Language | null;
}

/** People whom a front end vouches for. */
export interface HandingOver {
  /** A page of the Portal with a code that is used once. Throws 404 `account_not_found`, 409 `account_erased`. */
  handOver(handover: NewHandover): Promise<{ readonly url: string; readonly expiresAt: Date }>;
  /** Throws 400 `handover_invalid` where the code was used, or has run out. */
  enter(code: string, visitor: Visitor): Promise<Entered>;
}

export interface Registered {
  readonly status: 'verification_sent' | 'registered';
  /** Where in the log it is, once there is an account. */
  readonly position: bigint | undefined;
}

/** Accounts of one's own, and what is proven by a link in a mail. */
export interface Registering {
  /** Why nobody can register; undefined: they can. */
  closed(): Promise<'closed' | 'no_mail' | undefined>;
  register(person: NewPerson, visit: Visit): Promise<Registered>;
  /** `username`: another one, where the first was taken meanwhile. Throws 400 `link_invalid`. */
  verify(
    token: string,
    username: string | undefined,
    visit: Visit,
  ): Promise<{ readonly position: bigint | undefined }>;
  resend(email: string, visit: Visit): Promise<void>;
  forgot(email: string, visit: Visit): Promise<void>;
  reset(token: string, password: string, visit: Visit): Promise<void>;
  /** Writes to the new address. Throws as `requireProof` does. */
  askEmail(person: SignedInPerson, email: string, visit: Visit): Promise<void>;
  /** By the link in that mail, within an hour; the old address is told. Throws 400 `link_invalid`. */
  confirmEmail(token: string, visit: Visit): Promise<{ readonly position: bigint | undefined }>;
}

/** Somebody whom an operator asks to come. */
export interface Invitee {
  readonly username: string;
  readonly email: string;
  /** Of the mail. */
  readonly language: Language;
}

export interface Invited {
  readonly externalUserId: string;
  readonly position: bigint;
  readonly replayed: boolean;
}

/** What operators do for the people of accounts. */
export interface Inviting {
  /** Throws 409 `username_taken`, `email_taken`, `idempotency_conflict`; 429 `too_many_mails`. */
  invite(person: Invitee, meta: CommandMeta): Promise<Invited>;
  /** Throws 404 `account_not_found`, 409 `account_erased`, 400 `no_login` where nobody signs in to it here. */
  inviteAgain(externalUserId: string, language: Language): Promise<void>;
  /**
   * Whoever has lost phone and codes signs in with the password alone again; every session ends, and a mail says so. Throws as `inviteAgain`
   * does, and 409 `second_factor_missing`.
   */
  clearFactors(
    externalUserId: string,
    given: { readonly reason: string; readonly language: Language },
    meta: CommandMeta,
  ): Promise<{ readonly position: bigint }>;
  /** Throws 404 `account_not_found`, 409 `account_erased`. @returns how many sessions of browsers */
  endSessionsOf(externalUserId: string): Promise<number>;
}

/** What the people of accounts can do about their own sign-in, and operators for them. */
export interface People
  extends SigningIn, ByProvider, OwnIdentities, OwnFactors, OwnPasskeys, Registering, HandingOver, Inviting {}
