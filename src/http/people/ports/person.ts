import type { CommandMeta } from '../../../commands/handling/command.js';
import type { BrowserSession } from '../../../commands/login/ports.js';
import type { Bilingual } from '../../failure.js';
import type { Visitor } from '../../sessions/browser-sessions.js';

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
  /** The id of it in the list of sessions, by cookie or token. */
  readonly listed: string;
}

/** One request of somebody who need not have signed in. */
export interface Visit {
  readonly visitor: Visitor;
  readonly language: Language;
  readonly meta: CommandMeta;
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
