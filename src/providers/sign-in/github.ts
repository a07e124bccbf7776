import type * as Library from 'openid-client';
import { z } from 'zod';
import type { OpenedProvider, ProvenIdentity } from '../../domain/login/identity-provider.js';
import { type Returned, TIMEOUT_SECONDS } from './oidc.js';

export const GITHUB_SCOPE = 'read:user user:email';

const user = z.object({ id: z.int().min(1), login: z.string() });
const emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** Its API: of github.com at a name of its own, of one's own server below it. */
const apiOf = (issuer: URL): string =>
  issuer.hostname === 'github.com' ? 'https://api.github.com' : `${issuer.origin}/api/v3`;

/** It has no discovery; where it is asked is known. */
export function githubConfiguration(
  client: typeof Library,
  { issuer, client_id: clientId, secret }: OpenedProvider,
  fetch: Library.CustomFetch,
): Library.Configuration {
  const { origin, protocol } = new URL(issuer);
  const configuration = new client.Configuration(
    {
      issuer: origin,
      authorization_endpoint: `${origin}/login/oauth/authorize`,
      token_endpoint: `${origin}/login/oauth/access_token`,
    },
    clientId,
    secret,
  );
  configuration[client.customFetch] = fetch;
  configuration.timeout = TIMEOUT_SECONDS;
  // The setting lets this be on this machine alone.
  if (protocol === 'http:') client.allowInsecureRequests(configuration);
  return configuration;
}

/** Somebody there is a number: names change hands. */
export async function githubIdentity(
  client: typeof Library,
  configuration: Library.Configuration,
  { issuer }: OpenedProvider,
  { visit, back }: Returned,
): Promise<ProvenIdentity> {
  const { access_token: token } = await client.authorizationCodeGrant(configuration, back, {
    pkceCodeVerifier: visit.verifier,
    expectedState: visit.state,
  });
  const server = new URL(issuer);
  const ask = async (path: string): Promise<unknown> => {
    const headers = new Headers({ Accept: 'application/vnd.github+json', 'User-Agent': 'Counterfoil' });
    const address = new URL(`${apiOf(server)}${path}`);
    const answer = await client.fetchProtectedResource(configuration, token, address, 'GET', null, headers);
    if (!answer.ok) throw new Error(`GitHub answered ${answer.status}`);
    return answer.json();
  };
  const { id, login } = user.parse(await ask('/user'));
  const primary = emails.parse(await ask('/user/emails')).find((each) => each.primary && each.verified);
  return { issuer: server.origin, subject: id.toString(), name: login, verifiedEmail: primary?.email };
}
