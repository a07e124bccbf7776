import type { SignedInPerson, Visit } from './person.js';

export interface NewPerson {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  /** The referral code by which they came. */
  readonly inviterAffCode?: string | undefined;
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
