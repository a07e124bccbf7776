import { z } from 'zod';
import type { ProviderSecrets } from '../../commands/login/identity-ports.js';
import { identityHash } from '../../commands/login/identities.js';
import {
  type IdentityServices,
  type OpenedProvider,
  type ProvenIdentity,
  ProviderFailed,
} from '../../domain/login/identity-provider.js';
import type { IdentityProvider } from '../../domain/setting/identity-providers.js';
import type { Settings } from '../../domain/setting/settings.js';
import { addressBlock } from '../../support/address-block.js';
import { HttpFailure } from '../failure.js';
import { type AttemptParts, type Bucket, requireAttempt } from '../sessions/attempts.js';
import { factorFailure } from '../sessions/factor-failures.js';
import { hashOfLink, newLink } from './links.js';
import type { SecondStepParts } from './second-step.js';

export interface VisitParts extends SecondStepParts, AttemptParts {
  readonly settings: () => Promise<Pick<Settings, 'identity_providers' | 'registration' | 'sign_in'>>;
  readonly services: IdentityServices;
  readonly providerSecrets: Pick<ProviderSecrets, 'find'>;
  readonly publicUrl: () => string;
  /** What a service did wrong, for whoever runs this one. */
  readonly onProviderFault: (provider: string, error: ProviderFailed) => void;
}

const VISIT_MS = 10 * 60_000;
/** Of whoever asks: each visit is a row for minutes. */
const VISITS: Bucket = { burst: 60, refillMs: 2_000 };

const notFound = () =>
  new HttpFailure({
    status: 404,
    code: 'provider_not_found',
    text: { zh: '不支持该登录方式', en: 'Nobody signs in that way here' },
  });

const away = () =>
  new HttpFailure({
    status: 502,
    code: 'provider_away',
    text: {
      zh: '该登录服务暂时无法访问，请稍后重试或使用其他方式登录',
      en: 'That service cannot be reached at the moment: try again, or sign in another way',
    },
  });

const refusedBy = () =>
  new HttpFailure({
    status: 401,
    code: 'provider_refused',
    text: { zh: '该登录服务没有确认您的身份，请重试', en: 'That service did not say who you are: try again' },
  });

/** What a secret was given for: it is sent nowhere else. */
export const bindingOf = ({
  kind,
  issuer,
  client_id: clientId,
}: Pick<IdentityProvider, 'kind' | 'issuer' | 'client_id'>) => [kind, issuer, clientId].join(' ');

/** One that is set up whole. Throws 404 `provider_not_found`. */
async function openedProvider(
  { settings, providerSecrets }: VisitParts,
  name: string,
): Promise<OpenedProvider> {
  const provider = (await settings()).identity_providers.find((each) => each.name === name);
  const secret = provider && (await providerSecrets.find(provider.secret_id, bindingOf(provider)));
  if (!provider || secret === undefined) throw notFound();
  return { ...provider, secret };
}

/** Where whoever comes back from a service is received. */
export const callbackAt = (publicUrl: string, provider: string): string =>
  `${publicUrl}/portal/callback/${provider}`;

const kept = z.object({
  provider: z.string(),
  redirectUri: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Whose it is to be linked to; absent: somebody signs in. */
  account: z.uuid().optional(),
  /** The referral code by which they came. It stays here: what the service answers says nothing of it. */
  inviterAffCode: z.string().optional(),
});

/** Of whom a visit is, and where from. */
interface Visiting {
  readonly account?: string;
  readonly inviterAffCode?: string | undefined;
  readonly address: string | undefined;
}

/** @returns where the browser goes, and what its cookie holds until it is back */
export async function beginVisit(
  parts: VisitParts,
  name: string,
  { account, inviterAffCode, address }: Visiting,
): Promise<{ readonly url: string; readonly secret: string }> {
  await requireAttempt(parts, parts.hash(`providers from ${addressBlock(address)}`), VISITS);
  const provider = await openedProvider(parts, name);
  const random = () => Buffer.from(parts.randomBytes(32)).toString('base64url');
  const visit = {
    redirectUri: callbackAt(parts.publicUrl(), name),
    // The page reads from it what whoever comes back wanted.
    state: `${account === undefined ? 'sign-in' : 'link'}.${random()}`,
    nonce: random(),
    verifier: random(),
  };
  const url = await parts.services.begin(provider, visit).catch(failed(parts, name));
  const { secret, secretHash } = newLink(parts, 'provider');
  const content = JSON.stringify({ provider: name, ...visit, account, inviterAffCode });
  const expiresAt = new Date(parts.now().getTime() + VISIT_MS);
  await parts.steps.add({ accountId: account, content }, secretHash, expiresAt);
  return { url, secret };
}

export interface EndedVisit {
  readonly provider: string;
  readonly hash: string;
  readonly identity: ProvenIdentity;
  readonly inviterAffCode: string | undefined;
}

/**
 * Once, and at the browser that began it. Throws 400 `sign_in_expired`, 401 `provider_refused`, 502 `provider_away`.
 *
 * @param account whose it is to be linked to; undefined: somebody signs in
 */
export async function endVisit(
  parts: VisitParts,
  {
    provider: name,
    secret,
    answered,
  }: {
    readonly provider: string;
    readonly secret: string | undefined;
    readonly answered: Readonly<Record<string, string>>;
  },
  account: string | undefined,
): Promise<EndedVisit> {
  const content =
    secret === undefined
      ? undefined
      : await parts.steps.take(hashOfLink(parts, 'provider', secret), parts.now());
  if (content === undefined) throw factorFailure('sign_in_expired');
  const visit = kept.parse(JSON.parse(content));
  if (visit.provider !== name || visit.account !== account) throw factorFailure('sign_in_expired');
  const provider = await openedProvider(parts, name);
  const identity = await parts.services.finish(provider, visit, answered).catch(failed(parts, name));
  const hash = identityHash(parts.ledger, identity.issuer, identity.subject);
  return { provider: name, identity, hash, inviterAffCode: visit.inviterAffCode };
}

const failed =
  ({ onProviderFault }: VisitParts, provider: string) =>
  (error: unknown): never => {
    if (!(error instanceof ProviderFailed)) throw error;
    onProviderFault(provider, error);
    throw error.why === 'away' ? away() : refusedBy();
  };
