import type { Role } from '../../domain/operator/roles.js';
import type { Factor } from '../../domain/login/state.js';
import type { Command } from '../handling/command.js';

interface Named {
  readonly name: string;
}

/** Who may log in, and as what. Each may also reject with PasswordsBusy. */
export interface OperatorCommands {
  readonly create: Command<Named & { readonly role: Role; readonly password: string }, Named>;
  /** Ends every login of the operator. */
  readonly setPassword: Command<Named & { readonly password: string }, Named>;
  readonly changeRole: Command<Named & { readonly role: Role }, Named>;
  readonly disable: Command<Named & { readonly reason: string }, Named>;
  readonly enable: Command<Named, Named>;
  /** What is asked for beside the password: what goes and what comes, in one act. */
  readonly changeFactors: Command<
    Named & { readonly add: readonly Factor[]; readonly remove: readonly Factor[] },
    Named
  >;
  /** Whoever has lost the authenticator and the codes logs in by the password again. Ends every login. */
  readonly clearFactors: Command<Named, Named>;
}

/** What operators log in with, beside the log. */
export interface OperatorCredentials {
  /** `session`: logins made under another number have ended. */
  find(name: string): Promise<{ readonly passwordHash: string; readonly session: bigint } | undefined>;
  /** The first password of an operator. @returns false where there is one */
  add(name: string, passwordHash: string): Promise<boolean>;
  /** Sets the password and ends every login. */
  set(name: string, passwordHash: string): Promise<void>;
  endSessions(name: string): Promise<void>;
}
