import type { OperatorCredentials } from '../../commands/operator/commands.js';
import type { OperatorView } from '../../projections/operator/query.js';
import type { LoginTokens } from '../../support/login-tokens.js';
import type { Passwords } from '../../support/passwords.js';
import { addressBlock } from '../../support/address-block.js';
import { HttpFailure } from '../failure.js';
import { admitAttempt, type AttemptParts, loginFailed, orBusy } from '../sessions/attempts.js';
import type { BrowserSessions, Visitor } from '../sessions/browser-sessions.js';
import { factorFailure } from '../sessions/factor-failures.js';
import { passkeyInvalid } from '../sessions/passkey-failures.js';
import { programTokens } from '../sessions/program-tokens.js';
import { tokenRequired } from '../sessions/token-required.js';
import type { PasskeyAnswer } from '../sessions/passkey-desk.js';
import { askedOf, halfLoggedIn, nameOfStep, type OperatorFactorParts, owesFactor } from './second-factor.js';
import { type NoteTrace, plausibleName } from './tracing.js';
import type { BegunSession, Login, LoginInput, OperatorAuth, OperatorSessions, SignedIn } from './ports.js';

export interface OperatorAuthParts extends AttemptParts, OperatorFactorParts {
  readonly credentials: OperatorCredentials;
  readonly passwords: Passwords;
  readonly tokens: LoginTokens;
  readonly operator: (name: string) => Promise<OperatorView | undefined>;
  readonly noteTrace: NoteTrace;
  /** Of browsers. */
  readonly sessions: BrowserSessions;
}

const LOGIN = 'POST /api/admin/login';
/** Failures of guesses that were looked at. */
const SEEN: readonly string[] = ['login_failed', 'second_factor_required', 'second_factor_wrong'];

export function createOperatorAuth(parts: OperatorAuthParts): OperatorAuth {
  const { credentials, passwords, operator, attempts, now, sessions } = parts;
  const programs = programTokens(parts);

  async function issue(proven: SignedIn, { address, agent = '' }: LoginInput): Promise<Login> {
    const { name, session: generation } = proven;
    const token = await programs.begin({ owner: { operator: name }, generation }, { address, agent });
    return { ...proven, ...token };
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

  /** The password, and in one step the second factor, where there is one. */
  async function proveAll({ code, ...input }: LoginInput): Promise<SignedIn> {
    const proven = await prove(input);
    if ((await askedOf(parts, proven.name)).length === 0) return proven;
    const factors = await parts.factorsOf(proven.name);
    if (code === undefined) throw factorFailure('second_factor_required');
    await parts.factors.prove({ owner: { operator: proven.name }, factors }, code, input.address);
    return proven;
  }

  /** As the operator stands now: disabled, or with logins ended since, nobody is signed in. */
  async function stillSignedIn(login: Omit<SignedIn, 'role'>): Promise<SignedIn | undefined> {
    const [found, known] = await Promise.all([credentials.find(login.name), operator(login.name)]);
    if (!known?.enabled || found?.session !== login.session) return undefined;
    return { ...login, role: known.role, owesFactor: await owesFactor(parts, login.name) };
  }

  return {
    login: async (input) => issue(await traced(parts, input, () => proveAll(input)), input),
    prove: async (input) => {
      await traced(parts, input, () => prove(input));
    },
    find: async (token) => {
      const login = await programs.find(token, (name) => ({ operator: name }));
      return login && stillSignedIn(login);
    },
    renew: async (operator) => {
      const { name, session: generation, since, listed, browserSession } = operator;
      if (browserSession !== undefined || listed === undefined) throw tokenRequired();
      const program = { owner: { operator: name }, generation, since, listed };
      return { ...operator, ...(await programs.renew(program)) };
    },
    logout: async (name) => {
      await credentials.endSessions(name);
      await sessions.endAll({ operator: name });
    },
    ...browserLogins(parts, prove, stillSignedIn),
  };
}

/** Notes how it went. */
async function traced<Done extends { readonly name: string }>(
  { noteTrace }: OperatorAuthParts,
  { name: given, address }: Pick<LoginInput, 'name' | 'address'>,
  attempt: () => Promise<Done>,
): Promise<Done> {
  const addressBlockOf = { addressBlock: addressBlock(address), route: LOGIN };
  try {
    const proven = await attempt();
    await noteTrace({ kind: 'login', name: proven.name, reason: '', ...addressBlockOf });
    return proven;
  } catch (error) {
    const code = error instanceof HttpFailure ? error.failure.code : 'internal_error';
    // What is refused unseen is counted by address alone: names without number must not make rows without number.
    const name = SEEN.includes(code) ? plausibleName(given) : '';
    await noteTrace({ kind: 'login-failed', name, reason: code, ...addressBlockOf });
    throw error;
  }
}

type StillSignedIn = (login: Omit<SignedIn, 'role'>) => Promise<SignedIn | undefined>;

/** Whose passkey it is, if that is an operator who may log in. Throws 401 `passkey_invalid`. */
async function provenByPasskey(
  { passkeys, factorsOf, credentials, now }: OperatorAuthParts,
  given: PasskeyAnswer,
  stillSignedIn: StillSignedIn,
): Promise<SignedIn> {
  const { operator: name } = await passkeys.prove(given, async ({ operator }) =>
    operator === undefined ? undefined : factorsOf(operator),
  );
  const found = name === undefined ? undefined : await credentials.find(name);
  if (name === undefined || !found) throw passkeyInvalid();
  const since = Math.floor(now().getTime() / 1000);
  const still = await stillSignedIn({ name, session: found.session, since });
  if (!still) throw passkeyInvalid();
  return still;
}

/** Logins of browsers: a cookie instead of a token. */
function browserLogins(
  parts: OperatorAuthParts,
  prove: (input: LoginInput) => Promise<SignedIn>,
  stillSignedIn: StillSignedIn,
): Omit<OperatorAuth, 'login' | 'prove' | 'find' | 'renew' | 'logout'> {
  const { sessions, now } = parts;

  async function begin(proven: SignedIn, method: string, visitor: Visitor): Promise<BegunSession> {
    const { name, session: generation } = proven;
    const { secret, session } = await sessions.begin({ operator: name }, { generation, method }, visitor);
    const owes = await owesFactor(parts, name);
    const { id } = session;
    return { operator: { ...proven, listed: id, browserSession: id, owesFactor: owes }, secret };
  }

  return {
    begin: async (input, agent) => {
      const { address } = input;
      const half = await traced(parts, input, async () => {
        const proven = await prove(input);
        return { ...proven, asked: await askedOf(parts, proven.name) };
      });
      const { asked, ...proven } = half;
      return asked.length > 0
        ? halfLoggedIn(parts, proven, asked)
        : begin(proven, 'password', { address, agent });
    },
    secondStep: async ({ ticket, code }, visitor) => {
      const { name, session, use } = await nameOfStep(parts, ticket);
      const { address } = visitor;
      const still = await stillSignedIn({ name, session, since: Math.floor(now().getTime() / 1000) });
      if (!still) throw factorFailure('sign_in_expired');
      return traced(parts, { name, address }, async () => {
        const owned = { owner: { operator: name }, factors: await parts.factorsOf(name) };
        const how = await parts.factors.prove(owned, code, address);
        await use();
        return { name, ...(await begin(still, `password+${how}`, visitor)) };
      });
    },
    passkeyOptions: ({ address }) => parts.passkeys.options(address),
    beginByPasskey: (given, visitor) =>
      traced(parts, { name: '', address: visitor.address }, async () => {
        const proven = await provenByPasskey(parts, given, stillSignedIn);
        return { name: proven.name, ...(await begin(proven, 'passkey', visitor)) };
      }),
    stepUp: async (operator, password, visitor) => {
      const { name, browserSession } = operator;
      const { address } = visitor;
      const proven = await traced(parts, { name, address }, () => prove({ name, password, address }));
      const begun = await begin(proven, 'password', visitor);
      if (browserSession !== undefined) await sessions.end({ operator: name }, browserSession);
      return begun;
    },
    findSession: async (secret) => {
      const session = await sessions.find(secret);
      if (session?.operator === undefined) return undefined;
      const since = Math.floor(session.provenAt.getTime() / 1000);
      const { operator: name, generation, id: browserSession } = session;
      return stillSignedIn({ name, session: generation, since, listed: browserSession, browserSession });
    },
    endSession: async ({ name, browserSession }) => {
      if (browserSession !== undefined) await sessions.end({ operator: name }, browserSession);
    },
  };
}

/** Where operators are logged in. */
export function operatorSessions({
  sessions,
  credentials,
}: Pick<OperatorAuthParts, 'sessions' | 'credentials'>): OperatorSessions {
  return {
    list: async (name) => {
      const found = await credentials.find(name);
      // Another password, or a logout, has ended those that were begun before.
      return (await sessions.list({ operator: name })).filter(
        ({ generation }) => generation === found?.session,
      );
    },
    end: (name, id) => sessions.end({ operator: name }, id),
    endOthers: ({ name, listed }) => sessions.endAll({ operator: name }, listed),
  };
}
