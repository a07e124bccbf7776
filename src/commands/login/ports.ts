import type { Identity } from '../../domain/login/state.js';

/** What the people of accounts sign in with, beside the log. */
export interface UserCredentials {
  /** `generation`: sessions and tokens made under another number have ended. */
  find(
    accountId: string,
  ): Promise<{ readonly passwordHash: string; readonly generation: bigint } | undefined>;
  /** The first password of an account. @returns false where there is one */
  add(accountId: string, passwordHash: string): Promise<boolean>;
  /** Sets the password, which ends every session and token. @returns the new generation */
  set(accountId: string, passwordHash: string): Promise<bigint>;
  /** Ends every session and token; the password stays. */
  endAll(accountId: string): Promise<void>;
}

/** In which language the people of accounts are written to. */
export interface UserLanguages {
  /** Undefined where nobody has said. */
  of(accountId: string): Promise<'zh' | 'en' | undefined>;
  keep(accountId: string, language: 'zh' | 'en'): Promise<void>;
}

/** Deletes whatever the people of accounts sign in with. */
export interface SignInData {
  forget(accountId: string): Promise<void>;
}

/** Whose a session of a browser is. */
export type SessionOwner =
  | { readonly accountId: string; readonly operator?: undefined }
  | { readonly operator: string; readonly accountId?: undefined };

export type BrowserSession = SessionOwner & {
  readonly id: string;
  /** Of the password that it was begun under. */
  readonly generation: bigint;
  /** `password`, `handover` … */
  readonly method: string;
  /** The service key that handed the person over. */
  readonly via: string | null;
  /** Where that front end has its people led back to. */
  readonly returnUrl: string | null;
  /** Before the time of any session; null: not. */
  readonly expiresAt: Date | null;
  readonly addressBlock: string;
  readonly agent: string;
  readonly createdAt: Date;
  readonly seenAt: Date;
  /** When who sits there last gave the password, or more. */
  readonly provenAt: Date;
};

/** How long a session lives: since it was last used, and at all. */
export interface SessionLife {
  readonly idleMs: number;
  readonly atMostMs: number;
}

/** Sessions of browsers, each found by the keyed hash of its cookie, and of programs, whose tokens name them. */
export interface Sessions {
  begin(session: BrowserSession, secretHash: string): Promise<void>;
  /** The one that has neither ended nor run out; from now on it was seen at `now`. */
  find(secretHash: string, life: SessionLife, now: Date): Promise<BrowserSession | undefined>;
  /** The same of one whose id stands in a token. */
  findListed(
    owner: SessionOwner,
    id: string,
    life: SessionLife,
    now: Date,
  ): Promise<BrowserSession | undefined>;
  /** It lasts until then. @returns false where it has ended */
  prolong(owner: SessionOwner, id: string, expiresAt: Date): Promise<boolean>;
  /** Those that have not run out, the last used first. */
  list(owner: SessionOwner, life: SessionLife, now: Date): Promise<readonly BrowserSession[]>;
  /** @returns false where the owner has no such session */
  end(owner: SessionOwner, id: string): Promise<boolean>;
  /** All but one, where one is named. @returns how many */
  endAll(owner: SessionOwner, except?: string): Promise<number>;
  /** Deletes those that have run out. @returns how many */
  purge(life: SessionLife, now: Date): Promise<number>;
}

/** Somebody whom a front end sends to the Portal. */
export interface Handover {
  readonly accountId: string;
  /** `service-key:<id>` */
  readonly via: string;
  /** Of the Portal, a path. */
  readonly page: string;
  readonly returnUrl: string | null;
  readonly language: 'zh' | 'en' | null;
}

/** Codes of handovers, each found by its keyed hash and used once. */
export interface Handovers {
  add(handover: Handover, codeHash: string, expiresAt: Date): Promise<void>;
  /** Undefined where it was used or has run out. */
  take(codeHash: string, now: Date): Promise<Handover | undefined>;
  purge(now: Date): Promise<number>;
}

export interface PendingPerson {
  /** Who they are elsewhere, where they came from there. */
  readonly identity?: Identity | undefined;
  /** The referral code by which they came. */
  readonly inviterAffCode?: string | undefined;
  readonly username: string;
  readonly email: string;
  readonly language: 'zh' | 'en';
}

export interface PendingRegistration {
  readonly id: string;
  /** Undefined once there is an account. */
  readonly person: (PendingPerson & { readonly passwordHash: string }) | undefined;
}

/** Who wants an account and has not used the link yet. */
export interface PendingRegistrations {
  add(
    registration: {
      readonly id: string;
      readonly person: PendingPerson;
      readonly passwordHash: string;
      readonly emailHash: string;
      readonly expiresAt: Date;
    },
    secretHash: string,
  ): Promise<void>;
  find(secretHash: string, now: Date): Promise<PendingRegistration | undefined>;
  /** The newest of an address gets another link. Undefined where there is none. */
  renew(
    emailHash: string,
    secretHash: string,
    expiresAt: Date,
    now: Date,
  ): Promise<PendingPerson | undefined>;
  /** There is an account: what is known of the person is forgotten, and the link is still answered until it runs out. */
  done(id: string): Promise<void>;
  purge(now: Date): Promise<number>;
}

export type MailTokenKind = 'verify' | 'reset' | 'change';

export interface MailToken {
  readonly kind: MailTokenKind;
  readonly accountId: string;
  readonly emailHash: string;
  /** The address to change to. */
  readonly email: string | undefined;
  readonly used: boolean;
}

/** Links that were sent to who has an account, each found by the keyed hash of its secret. */
export interface MailTokens {
  add(token: Omit<MailToken, 'used'>, secretHash: string, expiresAt: Date): Promise<void>;
  find(kind: MailTokenKind, secretHash: string, now: Date): Promise<MailToken | undefined>;
  /** @returns false where it was used before */
  use(secretHash: string, now: Date): Promise<boolean>;
  /** Those of an account that were not used. */
  drop(accountId: string, kind: MailTokenKind): Promise<void>;
  purge(now: Date): Promise<number>;
}

/** What a mail says, in both forms. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface NewMail {
  /** Of what may be asked for again: one of an id is added once. Absent: of its own. */
  readonly id?: string;
  readonly kind: string;
  /** Undefined where it goes to somebody who has no account. */
  readonly accountId: string | undefined;
  readonly to: string;
  readonly content: MailText;
}

/** Mails to be sent; they outlive the process. */
export interface MailQueue {
  /** `kept`: there is no server to send it, and it is looked at in the outbox. */
  add(mail: NewMail, now: Date): Promise<void>;
}

export interface DueMail {
  readonly id: string;
  readonly to: string;
  readonly content: MailText;
  /** Attempts before this one. */
  readonly attempts: number;
  readonly createdAt: Date;
}

/** The mails as their sender sees them. */
export interface MailsToSend {
  /** Takes some that are due, the oldest first. Each is due again after `leaseMs`, should this process die. */
  claim(count: number, leaseMs: number, now: Date): Promise<readonly DueMail[]>;
  /** What it said is forgotten. */
  sent(id: string, answer: string, now: Date): Promise<void>;
  /** `nextAt`: undefined where it is given up. */
  failed(id: string, answer: string, nextAt: Date | undefined, now: Date): Promise<void>;
  /** Deletes what ended, or was only kept, so long ago. @returns how many */
  purge(keptMs: number, now: Date): Promise<number>;
}

export type MailState = 'waiting' | 'sent' | 'failed' | 'kept';

/** A mail as the outbox shows it. */
export interface ListedMail {
  readonly id: string;
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  /** Where there is no server to send it by; else null. */
  readonly text: string | null;
  readonly state: MailState;
  readonly attempts: number;
  readonly answer: string | null;
  readonly createdAt: Date;
  /** Null where there is no further attempt. */
  readonly nextAt: Date | null;
}
