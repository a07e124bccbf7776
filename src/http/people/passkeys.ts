import { isIP } from 'node:net';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import { loadLogin } from '../../commands/login/change-login.js';
import { accountOfId } from '../../commands/login/lookup.js';
import type { Passkey } from '../../commands/login/passkey-ports.js';
import type { Factor, Login } from '../../domain/login/state.js';
import { addressBlock } from '../../support/address-block.js';
import { isLoopback } from '../../support/loopback.js';
import { opened } from '../../support/opened.js';
import { HttpFailure } from '../failure.js';
import { refused } from '../refusals.js';
import { type AttemptParts, type Bucket, requireAttempt } from '../sessions/attempts.js';
import { hashOfLink, newLink } from './links.js';
import type { OwnPasskeys, SignedInPerson, Visit } from './ports.js';
import {
  factorsOfPerson,
  passkeysInForce,
  type Proven,
  type SecondStepParts,
  standing,
} from './second-step.js';
import { requireOwnSession, requireProof } from './step-up.js';

export interface PasskeyParts extends SecondStepParts, AttemptParts {
  readonly publicUrl: () => string;
}

const CEREMONY_MS = 5 * 60_000;
const MOST = 20;

const passkeyInvalid = () =>
  new HttpFailure({
    status: 401,
    code: 'passkey_invalid',
    text: { zh: '通行密钥无效或已超时，请重试', en: 'The passkey is not valid, or took too long: try again' },
  });

const notFound = () =>
  new HttpFailure({
    status: 404,
    code: 'passkey_not_found',
    text: { zh: '通行密钥不存在', en: 'There is no such passkey' },
  });

const tooMany = () =>
  new HttpFailure({
    status: 409,
    code: 'too_many_passkeys',
    text: { zh: '通行密钥数量已达上限', en: 'There are as many passkeys as there may be' },
  });

const unavailable = () =>
  new HttpFailure({
    status: 409,
    code: 'passkeys_unavailable',
    text: { zh: '通过此地址访问时不能使用通行密钥', en: 'There are no passkeys at this address' },
  });

/**
 * What passkeys are bound to. Browsers have them at names alone, by https or on their own machine; undefined elsewhere.
 */
export function relyingParty(
  publicUrl: string,
): { readonly id: string; readonly origin: string } | undefined {
  const url = new URL(publicUrl);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) {
    if (!isLoopback(host)) return undefined;
    url.hostname = 'localhost';
  }
  if (url.protocol !== 'https:' && url.hostname !== 'localhost') return undefined;
  return { id: url.hostname, origin: url.origin };
}

function partyOf({ publicUrl }: PasskeyParts) {
  const party = relyingParty(publicUrl());
  if (!party) throw unavailable();
  return party;
}

/** Loaded once somebody uses it: a start does not wait for it. */
const webauthn = () => import('@simplewebauthn/server');

const ceremony = z.object({ challenge: z.string(), account: z.uuid().optional() });
type Ceremony = z.infer<typeof ceremony>;
type Kind = 'passkey' | 'passkey-add';

async function remember(parts: PasskeyParts, kind: Kind, content: Ceremony): Promise<string> {
  const { secret, secretHash } = newLink(parts, kind);
  const expiresAt = new Date(parts.now().getTime() + CEREMONY_MS);
  await parts.steps.add(
    { accountId: content.account, content: JSON.stringify(content) },
    secretHash,
    expiresAt,
  );
  return secret;
}

/** Once: a challenge that was answered is gone, whatever the answer was. */
async function recall(parts: PasskeyParts, kind: Kind, ticket: string): Promise<Ceremony> {
  const content = await parts.steps.take(hashOfLink(parts, kind, ticket), parts.now());
  if (content === undefined) throw passkeyInvalid();
  return ceremony.parse(JSON.parse(content));
}

/** Of whoever asks: each challenge is a row for minutes. */
const CHALLENGES: Bucket = { burst: 60, refillMs: 2_000 };

/** A challenge for whatever passkey the browser has. */
export async function passkeyOptions(parts: PasskeyParts, address: string | undefined) {
  const { id: rpID } = partyOf(parts);
  await requireAttempt(parts, parts.hash(`passkeys from ${addressBlock(address)}`), CHALLENGES);
  const { generateAuthenticationOptions } = await webauthn();
  const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' });
  return { ticket: await remember(parts, 'passkey', { challenge: options.challenge }), options };
}

const isNamed = ({ factors }: Login, id: string): boolean =>
  factors.some((factor) => factor.kind === 'passkey' && factor.id === id);

/** Whose passkey answered a challenge. Throws 401 `passkey_invalid`, whatever was wrong. */
export async function provenByPasskey(
  parts: PasskeyParts,
  { ticket, response }: { readonly ticket: string; readonly response: AuthenticationResponseJSON },
): Promise<Proven> {
  const { id: rpID, origin } = partyOf(parts);
  const { challenge } = await recall(parts, 'passkey', ticket);
  const passkey = await parts.passkeys.find(response.id);
  const proven = passkey && (await standing(parts, passkey.accountId));
  if (!proven || !isNamed(proven.login, passkey.id)) throw passkeyInvalid();
  const { verifyAuthenticationResponse } = await webauthn();
  const { id, counter, publicKey } = passkey;
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    // A key that is kept in several places may count in each of them.
    credential: { id, publicKey: new Uint8Array(publicKey), counter: passkey.backedUp ? 0 : counter },
  }).catch(() => undefined);
  if (!verified?.verified) throw passkeyInvalid();
  const counts = { from: counter, to: Math.max(counter, verified.authenticationInfo.newCounter) };
  if (!(await parts.passkeys.used(id, counts, parts.now()))) throw passkeyInvalid();
  return proven;
}

/** What people do about their own passkeys: all but looking wants a fresh proof. */
export function ownPasskeys(parts: PasskeyParts): OwnPasskeys {
  const { passkeys, ledger, now } = parts;
  async function loginOf({ accountId }: SignedInPerson): Promise<Login> {
    const login = (await loadLogin(ledger, accountId)).state;
    if (!login) throw refused({ code: 'login_not_found' });
    return login;
  }
  const record = async (
    { accountId }: SignedInPerson,
    change: { readonly add?: readonly Factor[]; readonly remove?: readonly Factor[] },
    { meta }: Visit,
  ) => {
    const done = await parts.commands.changeFactors({ accountId, add: [], remove: [], ...change }, meta);
    if (!done.ok) throw refused(done.refusal);
  };
  return {
    hasPasskeys: () => relyingParty(parts.publicUrl()) !== undefined,
    passkeys: async (person) => {
      requireOwnSession(person);
      return passkeysInForce(passkeys, await loginOf(person));
    },
    beginPasskey: async (person) => {
      requireProof(person, now());
      return begin(parts, person, await loginOf(person));
    },
    addPasskey: async (person, given, visit) => {
      requireProof(person, now());
      const passkey = await verifiedPasskey(parts, person, given);
      if (!(await passkeys.add(passkey))) throw passkeyInvalid();
      await record(person, { add: [{ kind: 'passkey', id: passkey.id }] }, visit);
      return passkey;
    },
    removePasskey: async (person, id, visit) => {
      requireProof(person, now());
      if (!isNamed(await loginOf(person), id)) throw notFound();
      await record(person, { remove: [{ kind: 'passkey', id }] }, visit);
      await passkeys.remove(person.accountId, id);
    },
    changePasskey: async (person, id, change, { meta }) => {
      const of = await factorsOfPerson(parts, person, meta);
      if (!(await passkeys.change(person.accountId, id, change))) throw notFound();
      return change.secondStep ? parts.factors.firstCodes(of) : [];
    },
  };
}

async function begin(parts: PasskeyParts, { accountId }: SignedInPerson, login: Login) {
  const { id: rpID } = partyOf(parts);
  const account = await accountOfId(parts.ledger, accountId);
  if (!account) throw refused({ code: 'login_not_found' });
  const { username } = await opened(parts.ledger.vault.openTexts, { username: account.username });
  const there = await passkeysInForce(parts.passkeys, login);
  if (there.length >= MOST) throw tooMany();
  const { generateRegistrationOptions } = await webauthn();
  const options = await generateRegistrationOptions({
    rpName: 'Counterfoil',
    rpID,
    userName: username,
    userID: new Uint8Array(Buffer.from(accountId.replaceAll('-', ''), 'hex')),
    attestationType: 'none',
    excludeCredentials: there.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const { challenge } = options;
  return { ticket: await remember(parts, 'passkey-add', { challenge, account: accountId }), options };
}

async function verifiedPasskey(
  parts: PasskeyParts,
  { accountId }: SignedInPerson,
  {
    ticket,
    response,
    name,
  }: { readonly ticket: string; readonly response: RegistrationResponseJSON; readonly name: string },
): Promise<Passkey> {
  const { id: rpID, origin } = partyOf(parts);
  const { challenge, account } = await recall(parts, 'passkey-add', ticket);
  if (account !== accountId) throw passkeyInvalid();
  const { verifyRegistrationResponse } = await webauthn();
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
  }).catch(() => undefined);
  if (!verified?.verified) throw passkeyInvalid();
  const { credential, credentialBackedUp } = verified.registrationInfo;
  return {
    id: credential.id,
    accountId,
    name,
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports: credential.transports ?? [],
    backedUp: credentialBackedUp,
    secondStep: false,
    createdAt: parts.now(),
    usedAt: null,
  };
}
