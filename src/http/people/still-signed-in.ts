import { loadLogin } from '../../commands/login/change-login.js';
import type { UserCredentials } from '../../commands/login/ports.js';
import { accountOfId } from '../../commands/login/lookup.js';
import type { CommandDependencies } from '../../commands/handling/ports.js';
import type { Account } from '../../domain/account/state.js';
import type { Login } from '../../domain/login/state.js';
import type { LoginTokens } from '../../support/login-tokens.js';
import type { BrowserSessions } from '../sessions/browser-sessions.js';
import { programTokens } from '../sessions/program-tokens.js';
import type { SignedInPerson } from './ports/person.js';
import type { SigningIn } from './ports/signing-in.js';
import { isHandedOver } from './step-up.js';

type SignedInBy = Pick<SignedInPerson, 'generation' | 'since' | 'session' | 'listed'>;

interface StillSignedInParts {
  readonly ledger: Pick<CommandDependencies, 'store' | 'keyring' | 'vault'>;
  readonly credentials: Pick<UserCredentials, 'find'>;
  readonly tokens: LoginTokens;
  readonly sessions: BrowserSessions;
  readonly now: () => Date;
}

export const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/** Undefined where nobody signs in to the account. */
export async function openLogin(
  { ledger }: Pick<StillSignedInParts, 'ledger'>,
  accountId: string,
): Promise<Login | undefined> {
  const { state } = await loadLogin(ledger, accountId);
  return state?.closed ? undefined : state;
}

export const personOf = (
  { accountId, externalUserId, suspended: isSuspended }: Account,
  how: SignedInBy,
): SignedInPerson => ({ accountId, externalUserId, suspended: isSuspended, ...how });

/** Whose a token or a cookie is, as the account stands now. */
export function stillSignedIn(parts: StillSignedInParts): Pick<SigningIn, 'findToken' | 'findSession'> {
  const { ledger, credentials, sessions } = parts;
  const programs = programTokens(parts);
  async function still(accountId: string, how: SignedInBy): Promise<SignedInPerson | undefined> {
    const [account, found, open] = await Promise.all([
      accountOfId(ledger, accountId),
      credentials.find(accountId),
      openLogin(parts, accountId),
    ]);
    if (!account || account.erased) return undefined;
    // Who was handed over may have no password, and nothing of a login.
    if (!isHandedOver(how.session) && (!open || found?.generation !== how.generation)) return undefined;
    return personOf(account, how);
  }
  return {
    findToken: async (token) => {
      const signed = await programs.find(token, (accountId) => ({ accountId }));
      if (!signed) return undefined;
      const { name: accountId, session: generation, since, listed } = signed;
      return still(accountId, { generation, since, session: undefined, listed });
    },
    findSession: async (secret) => {
      const session = await sessions.find(secret);
      if (session?.accountId === undefined) return undefined;
      const { accountId, generation, id: listed } = session;
      return still(accountId, { generation, since: seconds(session.provenAt), session, listed });
    },
  };
}
