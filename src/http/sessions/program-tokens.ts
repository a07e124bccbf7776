import type { SessionOwner } from '../../commands/login/ports.js';
import { type LoginTokens, type SignedLogin, TOKEN_MS } from '../../support/login-tokens.js';
import { loginFailed } from './attempts.js';
import type { BrowserSessions, Visitor } from './browser-sessions.js';

/** How a sign-in of a program is called in lists. */
export const PROGRAM = 'token';

/** `expiresAt`: unix seconds. */
export type ProgramToken = Awaited<ReturnType<LoginTokens['sign']>>;

interface Begins {
  readonly owner: SessionOwner;
  readonly generation: bigint;
}

/** What a token says, where it is good. */
export interface SignedProgram extends Begins {
  /** When the password was given, unix seconds. */
  readonly since: number;
  readonly listed: string;
}

export interface ProgramTokens {
  /** The password was given. */
  begin(of: Begins, visitor: Visitor): Promise<ProgramToken & Pick<SignedProgram, 'listed'>>;
  /** Throws 401 `login_failed` where it has just been ended. */
  renew(program: SignedProgram): Promise<ProgramToken>;
  /** Undefined for one that is none of ours, has expired, or whose row has ended. */
  find(
    token: string,
    ownerOf: (name: string) => SessionOwner,
  ): Promise<(SignedLogin & Pick<SignedProgram, 'listed'>) | undefined>;
}

/**
 * Tokens of programs. Each sign-in is a row among the sessions of whoever it is of, which its tokens name: it is listed, and ends with the row. No
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
  const signed = ({ owner, generation, since, listed }: SignedProgram) =>
    tokens.sign({ name: owner.operator ?? owner.accountId, session: generation, since, listed });
  return {
    begin: async ({ owner, generation }, visitor) => {
      const since = Math.floor(now().getTime() / 1000);
      const how = { generation, method: PROGRAM, expiresAt: new Date(now().getTime() + TOKEN_MS) };
      const { session } = await sessions.begin(owner, how, visitor);
      const { id: listed } = session;
      return { listed, ...(await signed({ owner, generation, since, listed })) };
    },
    renew: async (program) => {
      const token = await signed(program);
      const expiresAt = new Date(token.expiresAt * 1000);
      if (!(await sessions.prolong(program.owner, program.listed, expiresAt))) throw loginFailed();
      return token;
    },
    find: async (token, ownerOf) => {
      const login = await tokens.verify(token);
      // One without a row could be ended by nobody.
      if (login?.listed === undefined) return undefined;
      const { listed } = login;
      return (await sessions.findListed(ownerOf(login.name), listed)) && { ...login, listed };
    },
  };
}
