import { accountOfId, accountOfLogin } from '../../commands/login/lookup.js';
import { loadLogin } from '../../commands/login/change-login.js';
import type { LoginCommands } from '../../commands/login/commands.js';
import { emailHash } from '../../commands/login/dependencies.js';
import type { UserCredentials } from '../../commands/login/ports.js';
import type { CommandDependencies } from '../../commands/handling/ports.js';
import type { Account } from '../../domain/account/state.js';
import type { LoginTokens } from '../../support/login-tokens.js';
import type { Passwords } from '../../support/passwords.js';
import { refused } from '../refusals.js';
import { admitAttempt, type AttemptParts, loginFailed, orBusy } from '../sessions/attempts.js';
import type { BrowserSessions, Visitor } from '../sessions/browser-sessions.js';
import type { Credentials, SignedInPerson, SigningIn, Started, Visit } from './ports.js';
import { isHandedOver, requireOwnSession, requireProof } from './step-up.js';

export interface SignInParts extends AttemptParts {
  readonly ledger: Pick<CommandDependencies, 'store' | 'keyring' | 'vault'>;
  readonly commands: Pick<LoginCommands, 'setUserPassword'>;
  readonly credentials: UserCredentials;
  readonly passwords: Passwords;
  readonly tokens: LoginTokens;
  readonly sessions: BrowserSessions;
}

interface Proven {
  readonly account: Account;
  readonly generation: bigint;
}

async function isOpen({ ledger }: SignInParts, accountId: string): Promise<boolean> {
  const { state } = await loadLogin(ledger, accountId);
  return state !== undefined && !state.closed;
}

/** Throws 401 `login_failed` whatever was wrong, and takes as long where there is nobody of that name; 429 `too_many_logins`. */
async function prove(
  parts: SignInParts,
  { login, password }: Credentials,
  { address }: Visitor,
): Promise<Proven> {
  const { ledger, credentials, passwords } = parts;
  const subject = await admitAttempt(parts, 'person ', { name: login.toLowerCase(), address });
  const account = await accountOfLogin(ledger, login);
  const found = account && (await credentials.find(account.accountId));
  const right = await passwords.verify(password, found?.passwordHash).catch(orBusy);
  if (!right || !account || !found || !(await isOpen(parts, account.accountId))) throw loginFailed();
  await parts.attempts.forget(subject);
  return { account, generation: found.generation };
}

/** The password is given again and counts as an attempt. Throws 403 `session_limited` for who was handed over. */
async function proveAgain(
  parts: SignInParts,
  person: SignedInPerson,
  password: string,
  { visitor }: Visit,
): Promise<Proven> {
  requireOwnSession(person);
  const { accountId } = person;
  const { ledger, credentials, passwords } = parts;
  const subject = await admitAttempt(parts, 'person ', { name: accountId, address: visitor.address });
  const account = await accountOfId(ledger, accountId);
  const found = await credentials.find(accountId);
  const right = await passwords.verify(password, found?.passwordHash).catch(orBusy);
  if (!right || !account || !found || !(await isOpen(parts, accountId))) throw loginFailed();
  await parts.attempts.forget(subject);
  return { account, generation: found.generation };
}

async function changePassword(
  parts: SignInParts,
  person: SignedInPerson,
  { current, next }: { readonly current: string; readonly next: string },
  visit: Visit,
): Promise<Proven> {
  const { credentials } = parts;
  const { accountId } = person;
  const { account } = await proveAgain(parts, person, current, visit);
  const { meta } = visit;
  const changed = await parts.commands.setUserPassword({ accountId, password: next }, meta).catch(orBusy);
  if (!changed.ok) throw refused(changed.refusal);
  const generation = (await credentials.find(accountId))?.generation;
  if (generation === undefined) throw loginFailed();
  return { account, generation };
}

export const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/** How people sign in with a name or an address and a password, and what they are signed in with afterwards. */
export function createSigningIn(parts: SignInParts): SigningIn {
  const { ledger, credentials, tokens, sessions, now } = parts;
  async function begin({ account, generation }: Proven, visitor: Visitor): Promise<Started> {
    const { accountId } = account;
    const { session, secret } = await sessions.begin(
      { accountId },
      { generation, method: 'password' },
      visitor,
    );
    return { person: personOf(account, { generation, since: seconds(session.provenAt), session }), secret };
  }

  /** As the account stands now. */
  async function stillSignedIn(
    accountId: string,
    how: Pick<SignedInPerson, 'generation' | 'since' | 'session'>,
  ): Promise<SignedInPerson | undefined> {
    const [account, found, open] = await Promise.all([
      accountOfId(ledger, accountId),
      credentials.find(accountId),
      isOpen(parts, accountId),
    ]);
    if (!account || account.erased) return undefined;
    // Who was handed over may have no password, and nothing of a login.
    if (!isHandedOver(how.session) && (!open || found?.generation !== how.generation)) return undefined;
    return personOf(account, how);
  }

  const tokenOf = async ({ accountId, generation, since }: SignedInPerson) =>
    tokens.sign({ name: accountId, session: generation, since });

  return {
    signIn: async (given, visitor) => begin(await prove(parts, given, visitor), visitor),
    token: async (given, visitor) => {
      const { account, generation } = await prove(parts, given, visitor);
      return tokenOf(personOf(account, { generation, since: seconds(now()), session: undefined }));
    },
    renew: async (person) => {
      // A token says nothing of who vouched for its bearer.
      requireOwnSession(person);
      return tokenOf(person);
    },
    findToken: async (token) => {
      const signed = await tokens.verify(token);
      if (!signed) return undefined;
      const { name: accountId, session: generation, since } = signed;
      return stillSignedIn(accountId, { generation, since, session: undefined });
    },
    findSession: async (secret) => {
      const session = await sessions.find(secret);
      if (session?.accountId === undefined) return undefined;
      const { accountId, generation } = session;
      return stillSignedIn(accountId, { generation, since: seconds(session.provenAt), session });
    },
    changePassword: async (person, given, visit) =>
      begin(await changePassword(parts, person, given, visit), visit.visitor),
    stepUp: async (person, password, visit) => {
      const started = await begin(await proveAgain(parts, person, password, visit), visit.visitor);
      if (person.session) await sessions.end({ accountId: person.accountId }, person.session.id);
      return started;
    },
    requireProof: (person) => requireProof(person, now()),
    sessions: ({ accountId }) => sessions.list({ accountId }),
    endSession: ({ accountId }, id) => sessions.end({ accountId }, id),
    endOthers: ({ accountId, session }) => sessions.endAll({ accountId }, session?.id),
    login: async (accountId) => (await loadLogin(ledger, accountId)).state,
    isVerified: (login, email) => login?.verifiedEmail === emailHash(ledger, email),
    head: () => ledger.store.head(),
  };
}

export const personOf = (
  { accountId, externalUserId, suspended: isSuspended }: Account,
  how: Pick<SignedInPerson, 'generation' | 'since' | 'session'>,
): SignedInPerson => ({ accountId, externalUserId, suspended: isSuspended, ...how });
