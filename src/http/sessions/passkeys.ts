import { isIP } from 'node:net';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import type { SignInSteps } from '../../commands/login/factor-ports.js';
import type { Passkey, Passkeys } from '../../commands/login/passkey-ports.js';
import type { SessionOwner } from '../../commands/login/ports.js';
import type { Factor } from '../../domain/login/state.js';
import { addressBlock } from '../../support/address-block.js';
import { isLoopback } from '../../support/loopback.js';
import { type AttemptParts, type Bucket, requireAttempt } from './attempts.js';
import type { Factored, Factors } from './factors.js';
import { notFound, passkeyInvalid, tooMany, unavailable } from './passkey-failures.js';

export interface PasskeyParts extends AttemptParts {
  readonly passkeys: Passkeys;
  readonly steps: SignInSteps;
  readonly factors: Pick<Factors, 'firstCodes'>;
  readonly publicUrl: () => string;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Keyed. */
  readonly hashTicket: (kind: Kind, ticket: string) => string;
  /** What a device shows. */
  readonly issuer: string;
}

/** A challenge for a browser, and what its answer is given back with. */
export interface Challenge {
  readonly ticket: string;
  readonly options: object;
}

export interface NewPasskey {
  readonly ticket: string;
  readonly response: RegistrationResponseJSON;
  readonly name: string;
}

export interface PasskeyAnswer {
  readonly ticket: string;
  readonly response: AuthenticationResponseJSON;
}

export interface PasskeyChange {
  readonly name?: string | undefined;
  readonly secondStep?: boolean | undefined;
}

type Owned = Pick<Factored, 'owner' | 'factors'>;

/** Passkeys of people and of operators: each opens what the log names it for. */
export interface PasskeyDesk {
  /** Whether browsers have passkeys where the service is reached. */
  isAvailable(): boolean;
  /** For whatever passkey the browser has. Throws 409 `passkeys_unavailable`, 429. */
  options(address: string | undefined): Promise<Challenge>;
  /**
   * Whose passkey answered. Throws 401 `passkey_invalid`, whatever was wrong.
   *
   * @param factorsOf what is in force of an owner; undefined where that is nobody who signs in here
   */
  prove(
    given: PasskeyAnswer,
    factorsOf: (owner: SessionOwner) => Promise<readonly Factor[] | undefined>,
  ): Promise<SessionOwner>;
  /** Those that the log names, the oldest first. */
  inForce(of: Owned): Promise<readonly Passkey[]>;
  /** Whether one of them is asked for after the password. */
  isAskedFor(of: Owned): Promise<boolean>;
  /** Throws 409 `passkeys_unavailable`, `too_many_passkeys`. */
  begin(of: Owned, username: string): Promise<Challenge>;
  /** Throws 401 `passkey_invalid`. */
  add(of: Factored, given: NewPasskey): Promise<Passkey>;
  /** Throws 404 `passkey_not_found`. @returns recovery codes, where it is the first that is asked for after the password */
  change(of: Factored, id: string, change: PasskeyChange): Promise<readonly string[]>;
  /** Throws 404 `passkey_not_found`. */
  remove(of: Factored, id: string): Promise<void>;
  /** What the log names no more. */
  forget(owner: SessionOwner): Promise<void>;
}

type Kind = 'passkey' | 'passkey-add';

const CEREMONY_MS = 5 * 60_000;
const SECRET_BYTES = 32;
const MOST = 20;
/** Of whoever asks: each challenge is a row for minutes. */
const CHALLENGES: Bucket = { burst: 60, refillMs: 2_000 };

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

const ceremony = z.object({ challenge: z.string(), of: z.string().optional() });
type Ceremony = z.infer<typeof ceremony>;

const nameOf = ({ accountId, operator }: SessionOwner): string => accountId ?? `operator ${operator}`;

async function remember(parts: PasskeyParts, kind: Kind, content: Ceremony): Promise<string> {
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
async function recall(parts: PasskeyParts, kind: Kind, ticket: string): Promise<Ceremony> {
  const content = await parts.steps.take(parts.hashTicket(kind, ticket), parts.now());
  if (content === undefined) throw passkeyInvalid();
  return ceremony.parse(JSON.parse(content));
}

const isNamed = (factors: readonly Factor[], id: string): boolean =>
  factors.some((factor) => factor.kind === 'passkey' && factor.id === id);

export function createPasskeyDesk(parts: PasskeyParts): PasskeyDesk {
  const { passkeys, factors: codes } = parts;
  const inForce = async ({ owner, factors }: Owned): Promise<readonly Passkey[]> =>
    factors.some(({ kind }) => kind === 'passkey')
      ? (await passkeys.list(owner)).filter(({ id }) => isNamed(factors, id))
      : [];
  return {
    isAvailable: () => relyingParty(parts.publicUrl()) !== undefined,
    options: async (address) => {
      const { id: rpID } = partyOf(parts);
      await requireAttempt(parts, parts.hash(`passkeys from ${addressBlock(address)}`), CHALLENGES);
      const { generateAuthenticationOptions } = await webauthn();
      const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' });
      return { ticket: await remember(parts, 'passkey', { challenge: options.challenge }), options };
    },
    prove: (given, factorsOf) => prove(parts, given, factorsOf),
    inForce,
    isAskedFor: async (of) => (await inForce(of)).some(({ secondStep }) => secondStep),
    begin: async (of, username) => begin(parts, of.owner, username, await inForce(of)),
    add: async (of, given) => {
      const passkey = await verifiedPasskey(parts, of.owner, given);
      if (!(await passkeys.add(passkey))) throw passkeyInvalid();
      await of.record({ add: [{ kind: 'passkey', id: passkey.id }], remove: [] });
      return passkey;
    },
    change: async (of, id, change) => {
      if (!isNamed(of.factors, id) || !(await passkeys.change(of.owner, id, change))) throw notFound();
      return change.secondStep ? codes.firstCodes(of) : [];
    },
    remove: async (of, id) => {
      if (!isNamed(of.factors, id)) throw notFound();
      await of.record({ add: [], remove: [{ kind: 'passkey', id }] });
      await passkeys.remove(of.owner, id);
    },
    forget: async (owner) => {
      for (const { id } of await passkeys.list(owner)) await passkeys.remove(owner, id);
    },
  };
}

async function prove(
  parts: PasskeyParts,
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

async function begin(
  parts: PasskeyParts,
  owner: SessionOwner,
  username: string,
  there: readonly Passkey[],
): Promise<Challenge> {
  const { id: rpID } = partyOf(parts);
  if (there.length >= MOST) throw tooMany();
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

async function verifiedPasskey(
  parts: PasskeyParts,
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
