import type { OperatorCredentials } from '../../commands/operator/commands.js';
import type { OperatorView } from '../../projections/operator/query.js';
import type { OperatorTokens } from '../../support/operator-tokens.js';
import { type Passwords, PasswordsBusy } from '../../support/passwords.js';
import { addressBlock } from '../../support/address-block.js';
import { HttpFailure } from '../failure.js';
import { type NoteTrace, plausibleName } from './tracing.js';
import type { Login, LoginInput, OperatorAuth, SignedIn } from './ports.js';

export interface OperatorAuthParts {
  readonly credentials: OperatorCredentials;
  readonly passwords: Passwords;
  readonly tokens: OperatorTokens;
  readonly operator: (name: string) => Promise<OperatorView | undefined>;
  readonly attempts: {
    /** @returns 0, or for how long (ms) there is no attempt left */
    take(
      subject: string,
      limit: { readonly burst: number; readonly refillMs: number },
      now: Date,
    ): Promise<number>;
    forget(subject: string): Promise<void>;
  };
  /** Names and addresses are counted under a keyed hash. */
  readonly hash: (subject: string) => string;
  readonly noteTrace: NoteTrace;
  readonly now: () => Date;
}

const LOGIN = 'POST /api/admin/login';

/** Six guesses at a name from one address, then one a minute: guesses from elsewhere do not keep its owner out. */
const PER_NAME = { burst: 6, refillMs: 60_000 };
/** An office may share an address. */
const PER_ADDRESS = { burst: 30, refillMs: 20_000 };

const failed = () =>
  new HttpFailure({
    status: 401,
    code: 'login_failed',
    text: { zh: '用户名或密码错误', en: 'The name or the password is wrong' },
  });

const tooMany = (waitMs: number) =>
  new HttpFailure({
    status: 429,
    code: 'too_many_logins',
    text: { zh: '登录尝试过多，请稍后重试', en: 'Too many attempts to log in, please wait' },
    headers: { 'Retry-After': Math.ceil(waitMs / 1000).toString() },
  });

export function createOperatorAuth(parts: OperatorAuthParts): OperatorAuth {
  const { credentials, passwords, tokens, operator, attempts, hash, noteTrace, now } = parts;

  /** Every attempt counts, right or wrong: a guess that is not looked at says nothing. */
  async function admit(name: string, address: string | undefined): Promise<string> {
    const block = addressBlock(address);
    const subject = hash(`name:${name} from ${block}`);
    const at = now();
    const waits = [
      await attempts.take(hash(`address:${block}`), PER_ADDRESS, at),
      await attempts.take(subject, PER_NAME, at),
    ];
    const waitMs = Math.max(...waits);
    if (waitMs > 0) throw tooMany(waitMs);
    return subject;
  }

  async function issue({ name, role, session, since }: SignedIn): Promise<Login> {
    return { name, role, session, since, ...(await tokens.sign({ name, session, since })) };
  }

  async function signIn({ name, password, address }: LoginInput): Promise<Login> {
    const subject = await admit(name, address);
    const [found, known] = await Promise.all([credentials.find(name), operator(name)]);
    const right = await passwords.verify(password, found?.passwordHash).catch((error: unknown) => {
      throw error instanceof PasswordsBusy ? tooMany(1_000) : error;
    });
    if (!right || !found || !known?.enabled) throw failed();
    await attempts.forget(subject);
    const since = Math.floor(now().getTime() / 1000);
    return issue({ name, role: known.role, session: found.session, since });
  }

  return {
    login: async (input) => {
      const addressBlockOf = { addressBlock: addressBlock(input.address), route: LOGIN };
      try {
        const login = await signIn(input);
        await noteTrace({ kind: 'login', name: login.name, reason: '', ...addressBlockOf });
        return login;
      } catch (error) {
        const code = error instanceof HttpFailure ? error.failure.code : 'internal_error';
        // What is refused unseen is counted by address alone: names without number must not make rows without number.
        const name = code === 'login_failed' ? plausibleName(input.name) : '';
        await noteTrace({ kind: 'login-failed', name, reason: code, ...addressBlockOf });
        throw error;
      }
    },
    find: async (token) => {
      const login = await tokens.verify(token);
      if (!login) return undefined;
      const [found, known] = await Promise.all([credentials.find(login.name), operator(login.name)]);
      if (!known?.enabled || found?.session !== login.session) return undefined;
      return { ...login, role: known.role };
    },
    renew: issue,
    logout: (name) => credentials.endSessions(name),
  };
}
