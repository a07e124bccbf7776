import { z } from 'zod';
import { loadLogin } from '../../commands/login/change-login.js';
import type { LoginCommands } from '../../commands/login/commands.js';
import { accountOfIdentity, accountOfName } from '../../commands/login/lookup.js';
import { HttpFailure } from '../failure.js';
import { refused } from '../refusals.js';
import { orBusy } from '../sessions/attempts.js';
import type { Visitor } from '../sessions/browser-sessions.js';
import { factorFailure } from '../sessions/factor-failures.js';
import { beginVisit, endVisit, type EndedVisit, type VisitParts } from './identity-visits.js';
import { hashOfLink, newLink } from './links.js';
import { admitRegistration } from './mail-limits.js';
import type { ByProvider, LinkedIdentity, Newcomer, OwnIdentities } from './ports/identities.js';
import type { HalfSignedIn, SignedInPerson, Started, Visit } from './ports/person.js';
import type { Registered } from './ports/registering.js';
import { closedBecause, closedTo, type RegistrationParts, registerHashed, selfId } from './registration.js';
import { askedFor, halfSignedIn, standing } from './second-step.js';
import { enter, type SignInParts } from './sign-in.js';
import { requireOwnSession, requireProof } from './step-up.js';

export type IdentityParts = VisitParts &
  SignInParts &
  RegistrationParts & { readonly commands: LoginCommands };

const NEWCOMER_MS = 30 * 60_000;
const SECRET_BYTES = 32;
const LONGEST_NAME = 50;

const newcomer = z.object({
  provider: z.string(),
  hash: z.string(),
  email: z.string().optional(),
  inviterAffCode: z.string().optional(),
});

const missing = () =>
  new HttpFailure({
    status: 404,
    code: 'identity_not_found',
    text: { zh: '未关联该登录方式', en: 'There is no such sign-in linked' },
  });

/** Signing in by a service of others. An address that it tells opens nothing: who has an account signs in to that, and links. */
export function byProvider(parts: IdentityParts): ByProvider {
  return {
    providers: async () =>
      (await parts.settings()).identity_providers.map(({ name, kind, label }) => ({ name, kind, label })),
    beginAtProvider: (provider, { address }, inviterAffCode) =>
      beginVisit(parts, provider, { inviterAffCode, address }),
    signInByProvider: async (given, visitor): Promise<Started | HalfSignedIn | Newcomer> => {
      const ended = await endVisit(parts, given, undefined);
      const account = await accountOfIdentity(parts.ledger, ended.hash);
      const proven = account && (await standing(parts, account.accountId));
      if (!proven) return welcome(parts, ended);
      const more = await askedFor(parts, proven);
      const method = methodOf(ended.provider);
      return more.length > 0
        ? halfSignedIn(parts, proven, method, more)
        : enter(parts, proven, method, visitor, NO_PROOF);
    },
    registerByProvider: async (given, visit) => {
      const secretHash = hashOfLink(parts, 'newcomer', given.ticket);
      const content = await parts.steps.find(secretHash, parts.now());
      if (content === undefined) throw factorFailure('sign_in_expired');
      const come = newcomer.parse(JSON.parse(content));
      const { status } = await registerNewcomer(parts, come, given, visit);
      await parts.steps.take(secretHash, parts.now());
      return {
        status,
        started: status === 'registered' ? await enterAs(parts, come, visit.visitor) : undefined,
      };
    },
  };
}

/** An address that the service has verified is theirs; of another one a link must be used first, as whenever somebody registers. */
async function registerNewcomer(
  parts: IdentityParts,
  { provider, hash, email: verified, inviterAffCode }: z.infer<typeof newcomer>,
  { username, email }: { readonly username: string; readonly email: string },
  visit: Visit,
): Promise<Registered> {
  if (!(await parts.settings()).registration.open) throw closedTo('closed');
  await admitRegistration(parts, visit.visitor.address);
  if (await accountOfName(parts.ledger, username)) throw refused({ code: 'username_taken' });
  const identity = { provider, hash };
  if (verified?.toLowerCase() !== email.toLowerCase()) {
    const closed = await closedBecause(parts);
    if (closed) throw closedTo(closed);
    const passwordHash = () => unknownPassword(parts);
    return registerHashed(parts, { username, email, passwordHash, identity, inviterAffCode }, visit);
  }
  const done = await parts.commands.registerPerson(
    {
      externalUserId: selfId(parts.newId()),
      username,
      email,
      passwordHash: await unknownPassword(parts),
      verified: true,
      identity,
      inviterAffCode,
    },
    visit.meta,
  );
  if (!done.ok) throw refused(done.refusal);
  return { status: 'registered', position: done.position };
}

/** Nobody knows it: who wants a password gets one by a mail. */
const unknownPassword = (parts: IdentityParts): Promise<string> =>
  parts.passwords.hash(Buffer.from(parts.randomBytes(SECRET_BYTES)).toString('base64url')).catch(orBusy);

async function enterAs(
  parts: IdentityParts,
  { provider, hash }: z.infer<typeof newcomer>,
  visitor: Visitor,
): Promise<Started> {
  const account = await accountOfIdentity(parts.ledger, hash);
  const proven = account && (await standing(parts, account.accountId));
  if (!proven) throw factorFailure('sign_in_expired');
  return enter(parts, proven, methodOf(provider), visitor, NO_PROOF);
}

/** Whoever sits at a browser comes in by a service without being asked anything: it opens, and proves nothing anew. */
const NO_PROOF = { isProof: false };

/** How a session was begun. */
const methodOf = (provider: string): string => `provider:${provider}`;

/** Somebody whom nobody here is linked to: they register, or sign in to what they have. */
async function welcome(
  parts: IdentityParts,
  { provider, hash, identity, inviterAffCode }: EndedVisit,
): Promise<Newcomer> {
  const { secret, secretHash } = newLink(parts, 'newcomer');
  const { name = '', verifiedEmail: email } = identity;
  const content = JSON.stringify({ provider, hash, email, inviterAffCode });
  const expiresAt = new Date(parts.now().getTime() + NEWCOMER_MS);
  await parts.steps.add({ accountId: undefined, content }, secretHash, expiresAt);
  return { newcomer: secret, username: name.replaceAll('@', '').trim().slice(0, LONGEST_NAME), email };
}

/** What people do about who they are elsewhere: all but looking wants a fresh proof. */
export function ownIdentities(parts: IdentityParts): OwnIdentities {
  const linked = async ({ accountId }: SignedInPerson): Promise<readonly LinkedIdentity[]> => {
    const providers = (await parts.settings()).identity_providers;
    const login = (await loadLogin(parts.ledger, accountId)).state;
    return (login?.identities ?? []).map(({ provider, hash }) => ({
      id: hash,
      provider,
      // Of one that is not offered any more its name.
      label: providers.find(({ name }) => name === provider)?.label ?? provider,
    }));
  };
  return {
    identities: async (person) => {
      requireOwnSession(person);
      return linked(person);
    },
    beginLink: async (person, provider, { address }) => {
      requireProof(person, parts.now());
      return beginVisit(parts, provider, { account: person.accountId, address });
    },
    link: async (person, given, { meta }) => {
      requireProof(person, parts.now());
      const { accountId } = person;
      const { provider, hash } = await endVisit(parts, given, accountId);
      const done = await parts.commands.linkIdentity({ accountId, identity: { provider, hash } }, meta);
      if (!done.ok) throw refused(done.refusal);
    },
    unlink: async (person, id, { meta }) => {
      requireProof(person, parts.now());
      const { accountId } = person;
      const found = (await linked(person)).find((each) => each.id === id);
      if (!found) throw missing();
      const identity = { provider: found.provider, hash: id };
      const done = await parts.commands.unlinkIdentity({ accountId, identity }, meta);
      if (!done.ok) throw refused(done.refusal);
    },
  };
}
