import { foldedName } from '../../commands/handling/claims.js';
import { accountOfId, accountOfLogin } from '../../commands/login/lookup.js';
import { loadLogin } from '../../commands/login/change-login.js';
import type { LoginCommands } from '../../commands/login/commands.js';
import { emailHash } from '../../commands/login/dependencies.js';
import type { SignIns } from '../../commands/login/factor-ports.js';
import type { UserCredentials } from '../../commands/login/ports.js';
import type { LoginTokens } from '../../support/login-tokens.js';
import type { Passwords } from '../../support/passwords.js';
import { refused } from '../refusals.js';
import { admitAttempt, type AttemptParts, loginFailed, orBusy } from '../sessions/attempts.js';
import {
  type BrowserSessions,
  type SessionStart,
  shownOf,
  type Visitor,
} from '../sessions/browser-sessions.js';
import { factorFailure } from '../sessions/factor-failures.js';
import { PROGRAM, programTokens } from '../sessions/program-tokens.js';
import { tokenRequired } from '../sessions/token-required.js';
import type { HalfSignedIn, SignedInPerson, Started, Visit } from './ports/person.js';
import type { Credentials, SigningIn } from './ports/signing-in.js';
import { openLogin, personOf, seconds, stillSignedIn } from './still-signed-in.js';
import { provenByPasskey } from './passkeys.js';
import { askedFor, halfSignedIn, type Proven, secondStep, type SecondStepParts } from './second-step.js';
import { isHandedOver, requireOwnSession, requireProof } from './step-up.js';

export interface SignInParts extends Omit<SecondStepParts, 'commands'>, AttemptParts {
  readonly commands: Pick<LoginCommands, 'setUserPassword' | 'changeFactors'>;
  readonly credentials: UserCredentials;
  readonly passwords: Passwords;
  readonly tokens: LoginTokens;
  readonly sessions: BrowserSessions;
  readonly signIns: SignIns;
}

/** Throws 401 `openfailed` whatever was wrong, and takes as long where there is nobody of that name; 429 `too_many_logins`. */
async function prove(
  parts: SignInParts,
  { login, password }: Credentials,
  { address }: Visitor,
): Promise<Proven> {
  const { ledger, credentials, passwords } = parts;
  const subject = await admitAttempt(parts, 'person ', { name: foldedName(login), address });
  const account = await accountOfLogin(ledger, login);
  const found = account && (await credentials.find(account.accountId));
  const right = await passwords.verify(password, found?.passwordHash).catch(orBusy);
  const open = right && account ? await openLogin(parts, account.accountId) : undefined;
  if (!account || !found || !open) throw loginFailed();
  await parts.attempts.forget(subject);
  return { account, login: open, generation: found.generation };
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
  const login = right ? await openLogin(parts, accountId) : undefined;
  if (!account || !found || !login) throw loginFailed();
  await parts.attempts.forget(subject);
  return { account, login, generation: found.generation };
}

async function changePassword(
  parts: SignInParts,
  person: SignedInPerson,
  { current, next }: { readonly current: string; readonly next: string },
  visit: Visit,
): Promise<Proven> {
  const { credentials } = parts;
  const { accountId } = person;
  const { account, login } = await proveAgain(parts, person, current, visit);
  const { meta } = visit;
  const changed = await parts.commands.setUserPassword({ accountId, password: next }, meta).catch(orBusy);
  if (!changed.ok) throw refused(changed.refusal);
  const generation = (await credentials.find(accountId))?.generation;
  if (generation === undefined) throw loginFailed();
  return { account, login, generation };
}

/** A session of a browser, for its cookie. */
async function begin(
  { sessions }: SignInParts,
  { account, generation }: Proven,
  method: string,
  visitor: Visitor,
  how: Pick<SessionStart, 'isProof'> = {},
): Promise<Started> {
  const { session, secret } = await sessions.begin(
    { accountId: account.accountId },
    { generation, method, ...how },
    visitor,
  );
  return {
    person: personOf(account, { generation, since: seconds(session.provenAt), session, listed: session.id }),
    secret,
  };
}

/** And it is remembered. */
export async function enter(
  parts: SignInParts,
  proven: Proven,
  method: string,
  visitor: Visitor,
  how: Pick<SessionStart, 'isProof'> = {},
): Promise<Started> {
  const started = await begin(parts, proven, method, visitor, how);
  await noteSignIn(parts, proven.account.accountId, method, visitor);
  return started;
}

/** How people sign in with a name or an address and a password, and what they are signed in with afterwards. */
export function createSigningIn(parts: SignInParts): SigningIn {
  const { ledger, sessions, now } = parts;
  return {
    ...withPassword(parts),
    ...stillSignedIn(parts),
    changePassword: async (person, given, visit) =>
      begin(parts, await changePassword(parts, person, given, visit), methodOf(person), visit.visitor),
    stepUp: async (person, password, visit) => {
      const proven = await proveAgain(parts, person, password, visit);
      const started = await begin(parts, proven, methodOf(person), visit.visitor);
      // A program goes on beside the browser.
      if (person.session) await sessions.end({ accountId: person.accountId }, person.session.id);
      return started;
    },
    requireProof: (person) => requireProof(person, now()),
    sessions: async ({ accountId, generation }) =>
      // Another password has ended those that were begun while it was set.
      (await sessions.list({ accountId })).filter(
        (each) => isHandedOver(each) || each.generation === generation,
      ),
    endSession: ({ accountId }, id) => sessions.end({ accountId }, id),
    endOthers: ({ accountId, listed }) => sessions.endAll({ accountId }, listed),
    signIns: ({ accountId }, limit) => parts.signIns.list(accountId, limit),
    login: async (accountId) => (await loadLogin(ledger, accountId)).state,
    isVerified: (login, email) => login?.verifiedEmail === emailHash(ledger, email),
    head: () => ledger.store.head(),
  };
}

/** The beginnings: in one step, or in two where there is a second factor. */
function withPassword(
  parts: SignInParts,
): Pick<SigningIn, 'signIn' | 'secondStep' | 'passkeyOptions' | 'signInByPasskey' | 'token' | 'renew'> {
  const tokens = programTokens(parts);
  return {
    signIn: async (given, visitor): Promise<Started | HalfSignedIn> => {
      const proven = await prove(parts, given, visitor);
      const more = await askedFor(parts, proven);
      return more.length > 0
        ? halfSignedIn(parts, proven, 'password', more)
        : enter(parts, proven, 'password', visitor);
    },
    secondStep: async (given, visitor) => {
      const { method, ...proven } = await secondStep(parts, given, visitor.address);
      return enter(parts, proven, method, visitor);
    },
    passkeyOptions: ({ address }) => parts.passkeys.options(address),
    // It is two factors in one: the device, and what unlocks it.
    signInByPasskey: async (given, visitor) =>
      enter(parts, await provenByPasskey(parts, given), 'passkey', visitor),
    token: async ({ code, ...given }, visitor) => {
      const proven = await prove(parts, given, visitor);
      const { account, generation, login } = proven;
      const { accountId } = account;
      if ((await askedFor(parts, proven)).length > 0) {
        if (code === undefined) throw factorFailure('second_factor_required');
        await parts.factors.prove({ owner: { accountId }, factors: login.factors }, code, visitor.address);
      }
      await noteSignIn(parts, accountId, PROGRAM, visitor);
      const { token, expiresAt } = await tokens.begin({ owner: { accountId }, generation }, visitor);
      return { token, expiresAt };
    },
    renew: async (person) => {
      // A token says nothing of who vouched for its bearer.
      requireOwnSession(person);
      if (person.session) throw tokenRequired();
      return tokens.renew({ ...person, owner: { accountId: person.accountId } });
    },
  };
}

/** The session goes on as it was begun. */
const methodOf = ({ session }: SignedInPerson): string => session?.method ?? 'password';

export async function noteSignIn(
  { signIns, now }: Pick<SignInParts, 'signIns' | 'now'>,
  accountId: string,
  method: string,
  visitor: Visitor,
): Promise<void> {
  await signIns.note(accountId, { at: now(), method, ...shownOf(visitor) });
}
