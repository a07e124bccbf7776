import { emailHash } from '../../commands/login/dependencies.js';
import { loadLogin } from '../../commands/login/change-login.js';
import { accountOfEmail, accountOfId } from '../../commands/login/lookup.js';
import { passwordFault } from '../../commands/login/password-rules.js';
import type { Account } from '../../domain/account/state.js';
import { opened } from '../../support/opened.js';
import { refused } from '../refusals.js';
import { orBusy } from '../sessions/attempts.js';
import { hashOfLink, newLink } from './links.js';
import { admitMail } from './mail-limits.js';
import type { Visit } from './ports/person.js';
import {
  addressOf,
  inEqualTime,
  linkInvalid,
  post,
  type RegistrationParts,
  VERIFY_MS,
} from './registration.js';

const RESET_MS = 30 * 60_000;

/** Another link for who did not get the first one, which is dead from then on. Says nothing about the address. */
export async function resend(
  parts: RegistrationParts,
  email: string,
  { language, visitor }: Visit,
): Promise<void> {
  await admitMail(parts, email, visitor);
  await inEqualTime(parts.equalMs, async () => {
    const hash = emailHash(parts.ledger, email);
    const { secret, secretHash } = newLink(parts, 'verify');
    const at = parts.now();
    const expiresAt = new Date(at.getTime() + VERIFY_MS);
    const page = `/portal/verify#${secret}`;
    const waiting = await parts.pending.renew(hash, secretHash, expiresAt, at);
    if (waiting) {
      const { username, language: spoken } = waiting;
      return post(parts, 'verify', { to: waiting.email, username, page, language: spoken });
    }
    const account = await accountOfEmail(parts.ledger, email);
    const login = account && (await loadLogin(parts.ledger, account.accountId)).state;
    const to = account && (await addressOf(parts, account));
    if (!to || !login || login.closed || login.verifiedEmail === hash) return undefined;
    const { accountId } = account;
    const username = await usernameOf(parts, account);
    await parts.mailTokens.drop(accountId, 'verify');
    await parts.mailTokens.add({ kind: 'verify', accountId, emailHash: hash, email }, secretHash, expiresAt);
    return post(parts, 'verify', { to, username, page, language, accountId });
  });
}

/** A link to set another password, for who can sign in, or could if they had one. Says nothing about the address. */
export async function forgot(
  parts: RegistrationParts,
  email: string,
  { language, visitor }: Visit,
): Promise<void> {
  await admitMail(parts, email, visitor);
  await inEqualTime(parts.equalMs, async () => {
    const account = await accountOfEmail(parts.ledger, email);
    const to = account && (await addressOf(parts, account));
    if (!to || !(await mayReset(parts, account.accountId))) return;
    const { accountId } = account;
    const { secret, secretHash } = newLink(parts, 'reset');
    const expiresAt = new Date(parts.now().getTime() + RESET_MS);
    const hash = emailHash(parts.ledger, email);
    await parts.mailTokens.drop(accountId, 'reset');
    await parts.mailTokens.add(
      { kind: 'reset', accountId, emailHash: hash, email: undefined },
      secretHash,
      expiresAt,
    );
    const username = await usernameOf(parts, account);
    const page = `/portal/reset#${secret}`;
    await post(parts, 'reset', { to, username, page, language, accountId });
  });
}

async function mayReset({ ledger, settings }: RegistrationParts, accountId: string): Promise<boolean> {
  const { state } = await loadLogin(ledger, accountId);
  return state ? !state.closed : (await settings()).sign_in.synced_users;
}

/** Ends every session. Whoever has the link has the address as well. */
export async function reset(
  parts: RegistrationParts,
  token: string,
  password: string,
  { meta, language }: Visit,
): Promise<void> {
  const secretHash = hashOfLink(parts, 'reset', token);
  const found = await parts.mailTokens.find('reset', secretHash, parts.now());
  if (!found || found.used) throw linkInvalid();
  const { accountId } = found;
  const account = await accountOfId(parts.ledger, accountId);
  const email = account && (await addressOf(parts, account));
  // Sent to an address that the account does not have any more.
  if (!account || account.erased || !email || emailHash(parts.ledger, email) !== found.emailHash)
    throw linkInvalid();
  if (!(await mayReset(parts, accountId))) throw linkInvalid();
  const username = await usernameOf(parts, account);
  const fault = passwordFault(password, [username, email]);
  if (fault) throw refused(fault);
  if (!(await parts.mailTokens.use(secretHash, parts.now()))) throw linkInvalid();
  // Whoever asked for another address knew the password that is to be changed.
  await parts.mailTokens.drop(accountId, 'change');
  const set = await parts.commands.setUserPassword({ accountId, password, opens: true }, meta).catch(orBusy);
  if (!set.ok) throw refused(set.refusal);
  const verified = await parts.commands.verifyEmail({ accountId, email }, meta);
  if (!verified.ok) throw refused(verified.refusal);
  await post(parts, 'password-changed', { to: email, username, page: '/portal/forgot', language, accountId });
}

/** As it was chosen. */
export async function usernameOf(
  { ledger }: Pick<RegistrationParts, 'ledger'>,
  { username }: Account,
): Promise<string> {
  return (await opened(ledger.vault.openTexts, { username })).username;
}
