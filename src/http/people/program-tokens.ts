import { type LoginTokens, type SignedLogin, TOKEN_MS } from '../../support/login-tokens.js';
import { loginFailed } from '../sessions/attempts.js';
import type { BrowserSessions, Visitor } from '../sessions/browser-sessions.js';
import type { SignedInPerson } from './ports/person.js';
import type { PersonToken } from './ports/signing-in.js';

/** How a sign-in of a program is called in lists. */
export const PROGRAM = 'token';

export interface ProgramTokens {
  /** The password was given. */
  begin(person: Pick<SignedInPerson, 'accountId' | 'generation'>, visitor: Visitor): Promise<PersonToken>;
  /** Throws 401 `login_failed` where it has just been ended. */
  renew(person: SignedInPerson): Promise<PersonToken>;
}

/**
 * Tokens of programs. Each sign-in is a row among the sessions of the account, which its tokens name: it is listed, and ends with the row. No
 * cookie opens that row.
 */
export function programTokens({
  tokens,
  sessions,
  now,
}: {
  readonly tokens: LoginTokens;
  readonly sessions: BrowserSessions;
  readonly now: () => Date;
}): ProgramTokens {
  const signed = ({ accountId, generation, ...rest }: Named) =>
    tokens.sign({ name: accountId, session: generation, ...rest });
  return {
    begin: async (person, visitor) => {
      const since = Math.floor(now().getTime() / 1000);
      const { accountId, generation } = person;
      const how = { generation, method: PROGRAM, expiresAt: new Date(now().getTime() + TOKEN_MS) };
      const { session } = await sessions.begin({ accountId }, how, visitor);
      return signed({ accountId, generation, since, listed: session.id });
    },
    renew: async ({ accountId, generation, since, listed }) => {
      const token = await signed({ accountId, generation, since, listed });
      if (!(await sessions.prolong({ accountId }, listed, new Date(token.expiresAt * 1000))))
        throw loginFailed();
      return token;
    },
  };
}

type Named = Pick<SignedInPerson, 'accountId' | 'generation'> & Pick<SignedLogin, 'since' | 'listed'>;
