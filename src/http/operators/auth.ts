import type { OperatorCredentials } from '../../commands/operator/commands.js';
import type { OperatorView } from '../../projections/operator/query.js';
import type { LoginTokens } from '../../support/login-tokens.js';
import type { Passwords } from '../../support/passwords.js';
import { addressBlock } from '../../support/address-block.js';
import { HttpFailure } from '../failure.js';
import { admitAttempt, type AttemptParts, loginFailed, orBusy } from '../sessions/attempts.js';
import type { BrowserSessions } from '../sessions/browser-sessions.js';
import { type NoteTrace, plausibleName } from './tracing.js';
import type { Login, LoginInput, OperatorAuth, SignedIn } from './ports.js';

export interface OperatorAuthParts extends AttemptParts {
  readonly credentials: OperatorCredentials;
  readonly passwords: Passwords;
  readonly tokens: LoginTokens;
  readonly operator: (name: string) => Promise<OperatorView | undefined>;
  readonly noteTrace: NoteTrace;
  /** Of browsers. */
  readonly sessions: BrowserSessions;
}

const LOGIN = 'POST /api/admin/login';

export function createOperatorAuth(parts: OperatorAuthParts): OperatorAuth {
  const { credentials, passwords, tokens, operator, attempts, noteTrace, now, sessions } = parts;

  async function issue({ name, role, session, since }: SignedIn): Promise<Login> {
    return { name, role, session, since, ...(await tokens.sign({ name, session, since })) };
  }

  async function prove({ name, password, address }: LoginInput): Promise<SignedIn> {
    const subject = await admitAttempt(parts, '', { name, address });
    const [found, known] = await Promise.all([credentials.find(name), operator(name)]);
    const right = await passwords.verify(password, found?.passwordHash).catch(orBusy);
    if (!right || !found || !known?.enabled) throw loginFailed();
    await attempts.forget(subject);
    const since = Math.floor(now().getTime() / 1000);
    return { name, role: known.role, session: found.session, since };
  }

  /** Notes how it went. */
  async function traced(input: LoginInput): Promise<SignedIn> {
    const addressBlockOf = { addressBlock: addressBlock(input.address), route: LOGIN };
    try {
      const proven = await prove(input);
      await noteTrace({ kind: 'login', name: proven.name, reason: '', ...addressBlockOf });
      return proven;
    } catch (error) {
      const code = error instanceof HttpFailure ? error.failure.code : 'internal_error';
      // What is refused unseen is counted by address alone: names without number must not make rows without number.
      const name = code === 'login_failed' ? plausibleName(input.name) : '';
      await noteTrace({ kind: 'login-failed', name, reason: code, ...addressBlockOf });
      throw error;
    }
  }

  /** As the operator stands now: disabled, or with logins ended since, nobody is signed in. */
  async function stillSignedIn(login: Omit<SignedIn, 'role'>): Promise<SignedIn | undefined> {
    const [found, known] = await Promise.all([credentials.find(login.name), operator(login.name)]);
    if (!known?.enabled || found?.session !== login.session) return undefined;
    return { ...login, role: known.role };
  }

  return {
    login: async (input) => issue(await traced(input)),
    find: async (token) => {
      const login = await tokens.verify(token);
      return login && stillSignedIn(login);
    },
    renew: issue,
    logout: async (name) => {
      await credentials.endSessions(name);
      await sessions.endAll({ operator: name });
    },
    ...browserLogins(sessions, traced, stillSignedIn),
  };
}

/** Logins of browsers: a cookie instead of a token. */
function browserLogins(
  sessions: BrowserSessions,
  traced: (input: LoginInput) => Promise<SignedIn>,
  stillSignedIn: (login: Omit<SignedIn, 'role'>) => Promise<SignedIn | undefined>,
): Pick<OperatorAuth, 'begin' | 'findSession' | 'endSession'> {
  return {
    begin: async (input, agent) => {
      const proven = await traced(input);
      const { secret, session } = await sessions.begin(
        { operator: proven.name },
        { generation: proven.session, method: 'password' },
        { address: input.address, agent },
      );
      return { operator: { ...proven, browserSession: session.id }, secret };
    },
    findSession: async (secret) => {
      const session = await sessions.find(secret);
      if (session?.operator === undefined) return undefined;
      const since = Math.floor(session.provenAt.getTime() / 1000);
      const { operator: name, generation, id: browserSession } = session;
      return stillSignedIn({ name, session: generation, since, browserSession });
    },
    endSession: async ({ name, browserSession }) => {
      if (browserSession !== undefined) await sessions.end({ operator: name }, browserSession);
    },
  };
}
