import { emailHash } from '../../commands/login/dependencies.js';
import { loadLogin } from '../../commands/login/change-login.js';
import { accountOfEmail, accountOfId, accountOfName } from '../../commands/login/lookup.js';
import type { Sessions, UserCredentials } from '../../commands/login/ports.js';
import { accountIdOf } from '../../commands/handling/identifiers.js';
import type { CommandMeta } from '../../commands/handling/command.js';
import type { Account } from '../../domain/account/state.js';
import { uuid5 } from '../../support/uuid5.js';
import { HttpFailure } from '../failure.js';
import { refused } from '../refusals.js';
import { orBusy } from '../sessions/attempts.js';
import { factorFailure } from '../sessions/factor-failures.js';
import type { Factors } from '../sessions/factors.js';
import type { PasskeyDesk } from '../sessions/passkey-desk.js';
import { newLink } from './links.js';
import { admitMail } from './mail-limits.js';
import type { Invited, Invitee } from './ports/inviting.js';
import type { Language } from './ports/person.js';
import { usernameOf } from './recovery.js';
import { addressOf, post, type RegistrationParts, selfId } from './registration.js';

export type InvitationParts = RegistrationParts & {
  readonly credentials: Pick<UserCredentials, 'endAll'>;
  readonly allSessions: Pick<Sessions, 'endAll'>;
  readonly factors: Pick<Factors, 'forget'>;
  readonly passkeys: Pick<PasskeyDesk, 'forget'>;
};

const INVITATION_MS = 72 * 3_600_000;
/** Ids of accounts that a request may name again. */
const REQUESTS = '1f4b7c35-3c0f-5e51-9a0b-6a4c1f0e7d22';
const SECRET_BYTES = 32;

/**
 * An account for who was asked to come, and a mail with the link by which they give it a password. Until then nobody knows one: that which it has
 * was made here, and is not kept.
 */
export async function invite(
  parts: InvitationParts,
  { username, email, language }: Invitee,
  meta: CommandMeta,
): Promise<Invited> {
  const { actor, idempotencyKey } = meta;
  const id = idempotencyKey === undefined ? parts.newId() : uuid5(`${actor} ${idempotencyKey}`, REQUESTS);
  const externalUserId = selfId(id);
  const accountId = accountIdOf(externalUserId);
  const known = await accountOfId(parts.ledger, accountId);
  if (known) await assertSame(parts, known, { username, email });
  else await assertFree(parts, { username, email });
  await admitMail(parts, email);
  const unknown = Buffer.from(parts.randomBytes(SECRET_BYTES)).toString('base64url');
  const passwordHash = await parts.passwords.hash(unknown).catch(orBusy);
  const person = { externalUserId, username, email, passwordHash, verified: false };
  const done = await parts.commands.registerPerson(person, meta);
  if (!done.ok) throw refused(done.refusal);
  await parts.languages.keep(accountId, language);
  await sendInvitation(parts, { accountId, email, username, language });
  return { externalUserId, position: done.position, replayed: done.replayed };
}

async function assertFree(
  { ledger }: InvitationParts,
  { username, email }: Pick<Invitee, 'username' | 'email'>,
): Promise<void> {
  if (await accountOfName(ledger, username)) throw refused({ code: 'username_taken' });
  if (await accountOfEmail(ledger, email)) throw refused({ code: 'email_taken' });
}

/** The same request again, and no other one under its key. */
async function assertSame(
  parts: InvitationParts,
  account: Account,
  asked: Pick<Invitee, 'username' | 'email'>,
): Promise<void> {
  const username = await usernameOf(parts, account);
  if (username !== asked.username || (await addressOf(parts, account)) !== asked.email)
    throw refused({ code: 'idempotency_conflict' });
}

/** The former link is dead from then on. */
async function sendInvitation(
  parts: InvitationParts,
  { accountId, email, username, language }: Invitee & { readonly accountId: string },
): Promise<void> {
  const { secret, secretHash } = newLink(parts, 'reset');
  const expiresAt = new Date(parts.now().getTime() + INVITATION_MS);
  const hash = emailHash(parts.ledger, email);
  await parts.mailTokens.drop(accountId, 'reset');
  await parts.mailTokens.add(
    { kind: 'reset', accountId, emailHash: hash, email: undefined },
    secretHash,
    expiresAt,
  );
  await post(parts, 'invite', {
    to: email,
    username,
    page: `/portal/reset#${secret}`,
    language,
    accountId,
  });
}

const noLogin = () =>
  new HttpFailure({
    status: 400,
    code: 'no_login',
    text: { zh: '该用户不在此处登录', en: 'This user does not sign in here' },
  });

async function livingAccount({ ledger }: InvitationParts, externalUserId: string): Promise<Account> {
  const account = await accountOfId(ledger, accountIdOf(externalUserId));
  if (!account) throw refused({ code: 'account_not_found' });
  if (account.erased) throw refused({ code: 'account_erased' });
  return account;
}

/** The mail again, for who signs in here and did not get it or has lost the password. */
export async function inviteAgain(
  parts: InvitationParts,
  externalUserId: string,
  language: Language,
): Promise<void> {
  const account = await livingAccount(parts, externalUserId);
  const { accountId } = account;
  const { state: login } = await loadLogin(parts.ledger, accountId);
  const email = await addressOf(parts, account);
  if (!login || login.closed || email === undefined) throw noLogin();
  await admitMail(parts, email);
  const username = await usernameOf(parts, account);
  await sendInvitation(parts, { accountId, email, username, language });
}

/** For who has lost phone and codes. The log first: what it does not name is asked for no more, whatever is left beside it. */
export async function clearFactorsOf(
  parts: InvitationParts,
  externalUserId: string,
  { reason, language }: { readonly reason: string; readonly language: Language },
  meta: CommandMeta,
): Promise<{ readonly position: bigint }> {
  const account = await livingAccount(parts, externalUserId);
  const { accountId } = account;
  const { state: login } = await loadLogin(parts.ledger, accountId);
  if (!login || login.closed) throw noLogin();
  if (login.factors.length === 0) throw factorFailure('second_factor_missing');
  const done = await parts.commands.clearFactors({ accountId, reason }, meta);
  if (!done.ok) throw refused(done.refusal);
  await parts.factors.forget({ accountId });
  await parts.passkeys.forget({ accountId });
  await endSessionsOf(parts, externalUserId);
  const to = await addressOf(parts, account);
  const username = await usernameOf(parts, account);
  if (to !== undefined)
    await post(parts, 'factors-cleared', { to, username, page: '/portal/sign-in', language, accountId });
  return { position: done.position };
}

/** Wherever they are signed in, by cookie or token. @returns how many sessions of browsers there were */
export async function endSessionsOf(parts: InvitationParts, externalUserId: string): Promise<number> {
  const { accountId } = await livingAccount(parts, externalUserId);
  await parts.credentials.endAll(accountId);
  return parts.allSessions.endAll({ accountId });
}
