import { isIP } from 'node:net';
import { z } from 'zod';
import type { SignInSteps } from '../../commands/login/factor-ports.js';
import type { Passkey, Passkeys } from '../../commands/login/passkey-ports.js';
import type { SessionOwner } from '../../commands/login/ports.js';
import { type Factor, isFull } from '../../domain/login/state.js';
import { isLoopback } from '../../support/loopback.js';
import type { Challenge, NewPasskey, PasskeyAnswer } from './passkey-desk.js';
import { refused } from '../refusals.js';
import { passkeyInvalid, unavailable } from './passkey-failures.js';

// What a browser and this service say to each other about a passkey, each time within minutes and once.

export interface CeremonyParts {
  readonly passkeys: Passkeys;
  readonly steps: SignInSteps;
  readonly publicUrl: () => string;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly now: () => Date;
  /** Keyed. */
  readonly hashTicket: (kind: Kind, ticket: string) => string;
  /** What a device shows. */
  readonly issuer: string;
}

type Kind = 'passkey' | 'passkey-add';

const CEREMONY_MS = 5 * 60_000;
const SECRET_BYTES = 32;
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

export function partyOf({ publicUrl }: CeremonyParts) {
  const party = relyingParty(publicUrl());
  if (!party) throw unavailable();
  return party;
}

/** Loaded once somebody uses it: a start does not wait for it. */
const webauthn = () => import('@simplewebauthn/server');

const ceremony = z.object({ challenge: z.string(), of: z.string().optional() });
type Ceremony = z.infer<typeof ceremony>;

const nameOf = ({ accountId, operator }: SessionOwner): string => accountId ?? `operator ${operator}`;

async function remember(parts: CeremonyParts, kind: Kind, content: Ceremony): Promise<string> {
  const ticket = Buffer.from(parts.randomBytes(SECRET_BYTES)).toString('base64url');
  const expiresAt = new Date(parts.now().getTime() + CEREMONY_MS);
  await parts.steps.add(
    { accountId: undefined, content: JSON.stringify(content) },
    parts.hashTicket(kind, ticket),
    expiresAt,
  );
  return ticket;
}

/** Once: a challenge that was answered is gone, whatever the answer was. */
async function recall(parts: CeremonyParts, kind: Kind, ticket: string): Promise<Ceremony> {
  const content = await parts.steps.take(parts.hashTicket(kind, ticket), parts.now());
  if (content === undefined) throw passkeyInvalid();
  return ceremony.parse(JSON.parse(content));
}

export const isNamed = (factors: readonly Factor[], id: string): boolean =>
  factors.some((factor) => factor.kind === 'passkey' && factor.id === id);

/** For whatever passkey the browser has. */
export async function challenged(parts: CeremonyParts): Promise<Challenge> {
  const { id: rpID } = partyOf(parts);
  const { generateAuthenticationOptions } = await webauthn();
  const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' });
  return { ticket: await remember(parts, 'passkey', { challenge: options.challenge }), options };
}

/** Whose passkey answered. */
export async function prove(
  parts: CeremonyParts,
  { ticket, response }: PasskeyAnswer,
  factorsOf: (owner: SessionOwner) => Promise<readonly Factor[] | undefined>,
): Promise<SessionOwner> {
  const { id: rpID, origin } = partyOf(parts);
  const { challenge } = await recall(parts, 'passkey', ticket);
  const passkey = await parts.passkeys.find(response.id);
  const factors = passkey && (await factorsOf(passkey.owner));
  if (!factors || !isNamed(factors, passkey.id)) throw passkeyInvalid();
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
  return passkey.owner;
}

/** What a device keeps one passkey under; of people it always was the id of the account. */
const handleOf = ({ accountId, operator }: SessionOwner): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    accountId === undefined
      ? Buffer.from(`operator ${operator}`)
      : Buffer.from(accountId.replaceAll('-', ''), 'hex'),
  );

/** For a passkey that is to be made. */
export async function begin(
  parts: CeremonyParts,
  owner: SessionOwner,
  username: string,
  there: readonly Passkey[],
): Promise<Challenge> {
  const { id: rpID } = partyOf(parts);
  if (isFull(there.map(({ id }) => ({ kind: 'passkey', id })))) throw refused({ code: 'too_many_passkeys' });
  const { generateRegistrationOptions } = await webauthn();
  const options = await generateRegistrationOptions({
    rpName: parts.issuer,
    rpID,
    userName: username,
    userID: handleOf(owner),
    attestationType: 'none',
    excludeCredentials: there.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const { challenge } = options;
  return { ticket: await remember(parts, 'passkey-add', { challenge, of: nameOf(owner) }), options };
}

/** The passkey that a browser has made. */
export async function verifiedPasskey(
  parts: CeremonyParts,
  owner: SessionOwner,
  { ticket, response, name }: NewPasskey,
): Promise<Passkey> {
  const { id: rpID, origin } = partyOf(parts);
  const { challenge, of } = await recall(parts, 'passkey-add', ticket);
  if (of !== nameOf(owner)) throw passkeyInvalid();
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
    owner,
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
