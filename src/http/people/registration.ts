import { setTimeout as sleep } from 'node:timers/promises';
import type { LoginCommands } from '../../commands/login/commands.js';
import { emailHash } from '../../commands/login/dependencies.js';
import { accountOfEmail, accountOfName } from '../../commands/login/lookup.js';
import type {
  MailQueue,
  MailTokens,
  PendingRegistrations,
  UserLanguages,
} from '../../commands/login/ports.js';
import { passwordFault } from '../../commands/login/password-rules.js';
import { accountIdOf } from '../../commands/handling/identifiers.js';
import type { CommandDependencies } from '../../commands/handling/ports.js';
import type { Account } from '../../domain/account/state.js';
import type { Settings } from '../../domain/setting/settings.js';
import type { Passwords } from '../../support/passwords.js';
import { HttpFailure } from '../failure.js';
import { refused } from '../refusals.js';
import { type AttemptParts, orBusy } from '../sessions/attempts.js';
import { admitMail, admitRegistration } from './mail-limits.js';
import { type MailKind, mailText } from './mail-texts.js';
import type { Identity } from '../../domain/login/state.js';
import type { Language, Visit } from './ports/person.js';
import type { NewPerson, Registered } from './ports/registering.js';
import { hashOfLink, newLink } from './links.js';

export interface RegistrationParts extends AttemptParts {
  readonly ledger: Pick<CommandDependencies, 'store' | 'keyring' | 'vault'>;
  readonly commands: LoginCommands;
  readonly passwords: Passwords;
  readonly pending: PendingRegistrations;
  readonly mailTokens: MailTokens;
  readonly mails: MailQueue;
  readonly languages: UserLanguages;
  /** Whether a mail reaches its reader: there is a server to send it, or only this machine asks and looks at the outbox. */
  readonly canMail: boolean;
  readonly settings: () => Promise<Pick<Settings, 'registration' | 'sign_in'>>;
  /** Where browsers reach the service, without a slash at the end. */
  readonly publicUrl: () => string;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly newId: () => string;
  /** Answers that must not tell whether there is such an address take at least so long. */
  readonly equalMs: number;
}

const HOUR_MS = 3_600_000;
export const VERIFY_MS = 24 * HOUR_MS;

export const linkInvalid = () =>
  new HttpFailure({
    status: 400,
    code: 'link_invalid',
    text: {
      zh: '链接无效、已使用或已过期',
      en: 'The link is not valid, was used, or has run out',
    },
  });

export const closedTo = (reason: 'closed' | 'no_mail') =>
  new HttpFailure({
    status: 403,
    code: 'registration_closed',
    text: { zh: '当前不开放注册', en: 'Nobody can register at the moment' },
    details: { reason },
  });

/** As long as the slowest that it might have been. */
export async function inEqualTime<T>(equalMs: number, run: () => Promise<T>): Promise<T> {
  const [done] = await Promise.allSettled([run(), sleep(equalMs)]);
  if (done.status === 'rejected') throw done.reason;
  return done.value;
}

/** Tells who has an address that somebody wanted it: nobody else learns that it is taken. */
export async function tellOwner(
  parts: RegistrationParts,
  owner: Account,
  { username, language }: { readonly username: string; readonly language: Language },
): Promise<void> {
  const to = await addressOf(parts, owner);
  if (to === undefined) return;
  await post(parts, 'address-in-use', {
    to,
    username,
    page: '/portal',
    language,
    accountId: owner.accountId,
  });
}

/** Sends a mail about a link of ours: to who has an account in the language that they chose, whoever asks. */
export async function post(
  { mails, languages, now, publicUrl }: Pick<RegistrationParts, 'mails' | 'languages' | 'now' | 'publicUrl'>,
  kind: MailKind,
  {
    to,
    username,
    page,
    language,
    accountId,
  }: {
    readonly to: string;
    readonly username: string;
    readonly page: string;
    readonly language: 'zh' | 'en';
    readonly accountId?: string;
  },
): Promise<void> {
  const spoken = (accountId === undefined ? undefined : await languages.of(accountId)) ?? language;
  const content = mailText(kind, spoken, { username, link: `${publicUrl()}${page}` });
  await mails.add({ kind, accountId, to, content }, now());
}

export async function closedBecause({
  settings,
  canMail,
}: Pick<RegistrationParts, 'settings' | 'canMail'>): Promise<'closed' | 'no_mail' | undefined> {
  const { registration } = await settings();
  if (!registration.open) return 'closed';
  return canMail ? undefined : 'no_mail';
}

/** Nothing is in the log, and nobody holds a name or an address, before the link in the mail was used. */
export async function register(
  parts: RegistrationParts,
  { username, email, password, inviterAffCode }: NewPerson,
  visit: Visit,
): Promise<Registered> {
  const closed = await closedBecause(parts);
  if (closed) throw closedTo(closed);
  await admitRegistration(parts, visit.visitor.address);
  const fault = passwordFault(password, [username, email]);
  if (fault) throw refused(fault);
  if (await accountOfName(parts.ledger, username)) throw refused({ code: 'username_taken' });
  const passwordHash = () => parts.passwords.hash(password).catch(orBusy);
  return registerHashed(parts, { username, email, passwordHash, inviterAffCode }, visit);
}

interface HashedPerson extends Omit<NewPerson, 'password'> {
  /** Made once it is known that the mail may be sent. */
  readonly passwordHash: () => Promise<string>;
  readonly identity?: Identity;
}

/** Who has given what must be given: an account at once, or once a link in a mail was used. */
export async function registerHashed(
  parts: RegistrationParts,
  { username, email, passwordHash: hashed, identity, inviterAffCode }: HashedPerson,
  { language, meta }: Visit,
): Promise<Registered> {
  const { registration } = await parts.settings();
  if (registration.verify_email) await admitMail(parts, email);
  const passwordHash = await hashed();
  const id = parts.newId();
  if (!registration.verify_email) {
    const who = { username, email, identity, inviterAffCode };
    const self = { ...who, externalUserId: selfId(id), passwordHash, verified: false };
    const done = await parts.commands.registerPerson(self, meta);
    if (!done.ok) throw refused(done.refusal);
    await parts.languages.keep(accountIdOf(self.externalUserId), language);
    return { status: 'registered', position: done.position };
  }
  await inEqualTime(parts.equalMs, async () => {
    const owner = await accountOfEmail(parts.ledger, email);
    if (owner) return tellOwner(parts, owner, { username, language });
    const { secret, secretHash } = newLink(parts, 'verify');
    const expiresAt = new Date(parts.now().getTime() + VERIFY_MS);
    const person = { username, email, language, identity, inviterAffCode };
    const hash = emailHash(parts.ledger, email);
    await parts.pending.add({ id, person, passwordHash, emailHash: hash, expiresAt }, secretHash);
    return post(parts, 'verify', { to: email, username, page: `/portal/verify#${secret}`, language });
  });
  return { status: 'verification_sent', position: undefined };
}

/**
 * Where an account is written to: its address as it was given, never as somebody who asks spells it. Some servers tell capitals apart, and whoever
 * has the other mailbox must not get a link. Undefined where it has none (any more).
 */
export const addressOf = async (
  { ledger }: Pick<RegistrationParts, 'ledger'>,
  { personal }: Account,
): Promise<string | undefined> => (await ledger.vault.open(personal))?.email || undefined;

/** Told of a self-made account from the ids of front ends. */
export const selfId = (id: string): string => `self-${id}`;

/** Used again, the link says again that all is well, for as long as it lives: mail programs open links twice. */
export async function verify(
  parts: RegistrationParts,
  token: string,
  username: string | undefined,
  { meta }: Visit,
): Promise<{ readonly position: bigint | undefined }> {
  const secretHash = hashOfLink(parts, 'verify', token);
  const registration = await parts.pending.find(secretHash, parts.now());
  if (!registration) return verifyAddress(parts, secretHash, meta);
  const { id, person } = registration;
  if (!person) return { position: undefined };
  const { email, passwordHash, identity, inviterAffCode, language } = person;
  const externalUserId = selfId(id);
  const done = await parts.commands.registerPerson(
    {
      externalUserId,
      username: username ?? person.username,
      email,
      passwordHash,
      verified: true,
      identity,
      inviterAffCode,
    },
    meta,
  );
  if (!done.ok) throw refused(done.refusal);
  await parts.languages.keep(accountIdOf(externalUserId), language);
  await parts.pending.done(id);
  return { position: done.position };
}

/** Of an account that was made without. */
async function verifyAddress(parts: RegistrationParts, secretHash: string, meta: Visit['meta']) {
  const found = await parts.mailTokens.find('verify', secretHash, parts.now());
  if (!found) throw linkInvalid();
  if (found.used) return { position: undefined };
  const { accountId, email, emailHash: sentTo } = found;
  if (email === undefined || emailHash(parts.ledger, email) !== sentTo) throw linkInvalid();
  const done = await parts.commands.verifyEmail({ accountId, email }, meta);
  if (!done.ok) throw refused(done.refusal);
  await parts.mailTokens.use(secretHash, parts.now());
  return { position: done.position };
}
