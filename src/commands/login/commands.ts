import type { Factor, Identity } from '../../domain/login/state.js';
import type { Command } from '../handling/command.js';

interface OfAccount {
  readonly accountId: string;
}

export interface RegisterPerson {
  /** `self-<uuid>` */
  readonly externalUserId: string;
  readonly username: string;
  readonly email: string;
  /** Whether a link that was sent to the address was used. */
  readonly verified: boolean;
  /** Made beforehand: the password itself is not kept for as long as a link may lie unread. */
  readonly passwordHash: string;
  /** Who the person is elsewhere, where they came from there. */
  readonly identity?: Identity | undefined;
  /** The referral code by which they came; of one that nobody has (any more) nothing is made. */
  readonly inviterAffCode?: string | undefined;
}

/**
 * How the people of accounts sign in. Each command may be retried at will: the events come first, and what is kept beside the log is put
 * right by the same command again.
 */
export interface LoginCommands {
  /** An account of one's own, and its login. */
  readonly registerPerson: Command<RegisterPerson, OfAccount>;
  /** The address that the account has now. */
  readonly verifyEmail: Command<OfAccount & { readonly email: string }, OfAccount>;
  /** Ends every session and token. An account without a login gets one where `opens` is set. May also reject with PasswordsBusy. */
  readonly setUserPassword: Command<
    OfAccount & { readonly password: string; readonly opens?: boolean },
    OfAccount
  >;
  /** To one that has been shown to be read by the person. */
  readonly changeEmail: Command<OfAccount & { readonly email: string }, OfAccount>;
  /** What is asked for beside the password: what goes and what comes, in one act. */
  readonly changeFactors: Command<
    OfAccount & { readonly add: readonly Factor[]; readonly remove: readonly Factor[] },
    OfAccount
  >;
  /** All that is asked for beside the password, and passkeys with it: an operator helps whoever has lost them. */
  readonly clearFactors: Command<OfAccount & { readonly reason: string }, OfAccount>;
  /** Who the person is elsewhere: nobody else's from then on. Refuses with `identity_taken`. */
  readonly linkIdentity: Command<OfAccount & { readonly identity: Identity }, OfAccount>;
  readonly unlinkIdentity: Command<OfAccount & { readonly identity: Identity }, OfAccount>;
  readonly closeLogin: Command<OfAccount, OfAccount>;
}
