import { z } from 'zod';
import { accountOfId } from '../../commands/login/lookup.js';
import { loadLogin } from '../../commands/login/change-login.js';
import type { LoginCommands } from '../../commands/login/commands.js';
import type { SignInSteps } from '../../commands/login/factor-ports.js';
import type { UserCredentials } from '../../commands/login/ports.js';
import type { CommandMeta } from '../../commands/handling/command.js';
import type { CommandDependencies } from '../../commands/handling/ports.js';
import type { Account } from '../../domain/account/state.js';
import type { Login } from '../../domain/login/state.js';
import { opened } from '../../support/opened.js';
import { refused } from '../refusals.js';
import { factorFailure } from '../sessions/factor-failures.js';
import { type Factored, type Factors, hasTotp } from '../sessions/factors.js';
import type { PasskeyDesk } from '../sessions/passkey-desk.js';
import { hashOfLink, newLink } from './links.js';
import type { OwnFactors } from './ports/factors.js';
import type { HalfSignedIn, SignedInPerson, Visit } from './ports/person.js';
import { requireOwnSession, requireProof } from './step-up.js';

const STEP_MS = 10 * 60_000;

export interface SecondStepParts {
  readonly ledger: Pick<CommandDependencies, 'store' | 'keyring' | 'vault'>;
  readonly commands: Pick<LoginCommands, 'changeFactors'>;
  readonly credentials: Pick<UserCredentials, 'find'>;
  readonly factors: Factors;
  readonly passkeys: PasskeyDesk;
  readonly steps: SignInSteps;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly now: () => Date;
}

/** Who has given the password, or as much. */
export interface Proven {
  readonly account: Account;
  readonly login: Login;
  readonly generation: bigint;
}

/** What may be given in a second step; nothing where there is none. */
export async function askedFor(
  { passkeys }: Pick<SecondStepParts, 'passkeys'>,
  { login }: Pick<Proven, 'login'>,
): Promise<HalfSignedIn['methods']> {
  const methods: HalfSignedIn['methods'][number][] = [];
  if (hasTotp(login.factors)) methods.push('totp');
  const { accountId, factors } = login;
  if (await passkeys.isAskedFor({ owner: { accountId }, factors })) methods.push('passkey');
  if (methods.length > 0 && login.factors.some(({ kind }) => kind === 'recovery')) methods.push('recovery');
  return methods;
}

const waiting = z.object({ account: z.uuid(), generation: z.string(), method: z.string() });

/** Keeps for ten minutes that somebody has done the first step. */
export async function halfSignedIn(
  parts: SecondStepParts,
  { account, generation }: Proven,
  method: string,
  methods: HalfSignedIn['methods'],
): Promise<HalfSignedIn> {
  const { accountId } = account;
  const { secret, secretHash } = newLink(parts, 'second-step');
  const expiresAt = new Date(parts.now().getTime() + STEP_MS);
  const content = JSON.stringify({ account: accountId, generation: generation.toString(), method });
  await parts.steps.add({ accountId, content }, secretHash, expiresAt);
  return { ticket: secret, expiresAt, methods };
}

/** @returns who it was and how they began. Throws 400 `sign_in_expired`, also where the password was changed meanwhile; 401 `second_factor_wrong`; 429 */
export async function secondStep(
  parts: SecondStepParts,
  { ticket, code }: { readonly ticket: string; readonly code: string },
  address: string | undefined,
): Promise<Proven & { readonly method: string }> {
  const secretHash = hashOfLink(parts, 'second-step', ticket);
  const content = await parts.steps.find(secretHash, parts.now());
  if (content === undefined) throw factorFailure('sign_in_expired');
  const { account: accountId, generation, method } = waiting.parse(JSON.parse(content));
  const proven = await standing(parts, accountId);
  if (proven?.generation.toString() !== generation) throw factorFailure('sign_in_expired');
  const { factors } = proven.login;
  const how = await parts.factors.prove({ owner: { accountId }, factors }, code, address);
  if ((await parts.steps.take(secretHash, parts.now())) === undefined) throw factorFailure('sign_in_expired');
  return { ...proven, method: `${method}+${how}` };
}

/** As the account and its login stand now; undefined where nobody signs in to it. */
export async function standing(
  { ledger, credentials }: Pick<SecondStepParts, 'ledger' | 'credentials'>,
  accountId: string,
): Promise<Proven | undefined> {
  const [account, { state: login }, found] = await Promise.all([
    accountOfId(ledger, accountId),
    loadLogin(ledger, accountId),
    credentials.find(accountId),
  ]);
  if (!account || account.erased || !login || login.closed) return undefined;
  return { account, login, generation: found?.generation ?? 0n };
}

/** What is in force, for who has just proven themselves. Throws as `requireProof` does. */
export async function factorsOfPerson(
  parts: SecondStepParts,
  person: SignedInPerson,
  meta: CommandMeta,
): Promise<Factored> {
  requireProof(person, parts.now());
  const { accountId } = person;
  const login = (await loadLogin(parts.ledger, accountId)).state;
  if (!login) throw refused({ code: 'login_not_found' });
  return {
    owner: { accountId },
    factors: login.factors,
    record: async (change) => {
      const done = await parts.commands.changeFactors({ accountId, ...change }, meta);
      if (!done.ok) throw refused(done.refusal);
    },
  };
}

/** What people do about their second factor: all of it wants a fresh proof. */
export function ownFactors(parts: SecondStepParts): OwnFactors {
  const { factors, ledger } = parts;
  const factored = (person: SignedInPerson, meta: CommandMeta) => factorsOfPerson(parts, person, meta);
  return {
    factors: async (person) => {
      requireOwnSession(person);
      const { accountId } = person;
      const login = (await loadLogin(ledger, accountId)).state;
      return factors.standing({ owner: { accountId }, factors: login?.factors ?? [] });
    },
    beginTotp: async (person, { meta }: Visit) => {
      const of = await factored(person, meta);
      const account = await accountOfId(ledger, person.accountId);
      const { username = '' } = account
        ? await opened(ledger.vault.openTexts, { username: account.username })
        : {};
      return factors.begin(of, username);
    },
    confirmTotp: async (person, code, { meta, visitor }) =>
      factors.confirm(await factored(person, meta), code, visitor.address),
    removeTotp: async (person, { meta }) => {
      const of = await factored(person, meta);
      return factors.remove(of, await parts.passkeys.isAskedFor(of));
    },
    renewCodes: async (person, { meta }) => factors.renewCodes(await factored(person, meta)),
  };
}
