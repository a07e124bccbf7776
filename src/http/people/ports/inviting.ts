import type { CommandMeta } from '../../../commands/handling/command.js';
import type { Language } from './person.js';

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
