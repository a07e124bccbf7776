import type * as Library from 'openid-client';
import type { OpenedProvider, ProvenIdentity, ProviderVisit } from '../../domain/login/identity-provider.js';

export const OIDC_SCOPE = 'openid profile email';

export const TIMEOUT_SECONDS = 10;

/** What came back, and what it must belong to. */
export interface Returned {
  readonly visit: ProviderVisit;
  readonly back: URL;
}

/** By discovery: the service says itself where to go, and with which keys it signs. */
export async function oidcConfiguration(
  client: typeof Library,
  { issuer, client_id: clientId, secret }: OpenedProvider,
  fetch: Library.CustomFetch,
): Promise<Library.Configuration> {
  const server = new URL(issuer);
  // The setting lets this be on this machine alone.
  const unsafe = server.protocol === 'http:' ? [client.allowInsecureRequests] : [];
  return client.discovery(server, clientId, secret, undefined, {
    timeout: TIMEOUT_SECONDS,
    execute: [...unsafe, client.enableNonRepudiationChecks],
    [client.customFetch]: fetch,
  });
}

/** State, nonce, issuer, audience, times and signature are the library's to check; it throws. */
export async function oidcIdentity(
  client: typeof Library,
  configuration: Library.Configuration,
  _provider: OpenedProvider,
  { visit, back }: Returned,
): Promise<ProvenIdentity> {
  const tokens = await client.authorizationCodeGrant(configuration, back, {
    pkceCodeVerifier: visit.verifier,
    expectedState: visit.state,
    expectedNonce: visit.nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (!claims) throw new Error('there is no ID token');
  const { issuer, userinfo_endpoint: asks } = configuration.serverMetadata();
  const told =
    claims.email === undefined && asks !== undefined
      ? { ...claims, ...(await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)) }
      : claims;
  const { email, email_verified: isVerified, preferred_username: called, name } = told;
  return {
    issuer,
    subject: claims.sub,
    name: text(called) ?? text(name),
    verifiedEmail: isVerified === true ? text(email) : undefined,
  };
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length > 0 ? value : undefined;
