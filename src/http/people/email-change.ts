import { emailHash } from '../../commands/login/dependencies.js';
import { loadLogin } from '../../commands/login/change-login.js';
import { accountOfEmail, accountOfId } from '../../commands/login/lookup.js';
import { opened } from '../../support/opened.js';
import { refused } from '../refusals.js';
import { hashOfLink, newLink } from './links.js';
import { admitMail } from './mail-limits.js';
import type { SignedInPerson, Visit } from './ports/person.js';
import {
  addressOf,
  inEqualTime,
  linkInvalid,
  post,
  type RegistrationParts,
  tellOwner,
} from './registration.js';
import { requireProof } from './step-up.js';

const HOUR_MS = 3_600_000;

/** A link to the new address, which must be read there. Says nothing about whether the address has an account: its owner is written to. */
export async function askEmail(
  parts: RegistrationParts,
  person: SignedInPerson,
  email: string,
  { language, visitor }: Visit,
): Promise<void> {
  requireProof(person, parts.now());
  const { accountId } = person;
  const [account, login] = [
    await accountOfId(parts.ledger, accountId),
    await loadLogin(parts.ledger, accountId),
  ];
  if (!account || !login.state) throw refused({ code: 'login_not_found' });
  await admitMail(parts, email, visitor);
  const { username } = await opened(parts.ledger.vault.openTexts, { username: account.username });
  await inEqualTime(parts.equalMs, async () => {
    const owner = await accountOfEmail(parts.ledger, email);
    if (owner && owner.accountId !== accountId) return tellOwner(parts, owner, { username, language });
    const { secret, secretHash } = newLink(parts, 'change');
    const expiresAt = new Date(parts.now().getTime() + HOUR_MS);
    const hash = emailHash(parts.ledger, email);
    await parts.mailTokens.drop(accountId, 'change');
    await parts.mailTokens.add({ kind: 'change', accountId, emailHash: hash, email }, secretHash, expiresAt);
    return post(parts, 'change', {
      to: email,
      username,
      page: `/portal/email#${secret}`,
      language,
      accountId,
    });
  });
}

/** Whoever has the old address is told. */
export async function confirmEmail(
  parts: RegistrationParts,
  token: string,
  { meta, language }: Visit,
): Promise<{ readonly position: bigint | undefined }> {
  const secretHash = hashOfLink(parts, 'change', token);
  const found = await parts.mailTokens.find('change', secretHash, parts.now());
  if (!found || found.used || found.email === undefined) throw linkInvalid();
  const { accountId, email } = found;
  const account = await accountOfId(parts.ledger, accountId);
  if (!account || account.erased) throw linkInvalid();
  const before = await addressOf(parts, account);
  const { username } = await opened(parts.ledger.vault.openTexts, { username: account.username });
  const changed = await parts.commands.changeEmail({ accountId, email }, meta);
  if (!changed.ok) throw refused(changed.refusal);
  // After the command: a process that dies between the two leaves a link that does the same again.
  if (!(await parts.mailTokens.use(secretHash, parts.now()))) return { position: changed.position };
  if (before !== undefined && before !== email)
    await post(parts, 'address-changed', {
      to: before,
      username,
      page: '/portal/forgot',
      language,
      accountId,
    });
  return { position: changed.position };
}
