import type { Configuration, CustomFetch } from 'openid-client';
import {
  type IdentityServices,
  type OpenedProvider,
  ProviderFailed,
  type ProviderVisit,
} from '../../domain/login/identity-provider.js';
import type { MayReach } from '../../support/reach.js';
import { githubConfiguration, githubIdentity, GITHUB_SCOPE } from './github.js';
import { guardedFetch } from './guarded-fetch.js';
import { OIDC_SCOPE, oidcConfiguration, oidcIdentity } from './oidc.js';

/** How long what a service says of itself is believed. */
const KNOWN_MS = 3_600_000;

/** Loaded once somebody uses it: a start does not wait for it. */
const library = () => import('openid-client');

interface Known {
  readonly configuration: Promise<Configuration>;
  readonly until: number;
}

/** OpenID Connect by its library, and GitHub, whose OAuth knows no identity, by its API. */
export function createIdentityServices(may: MayReach, now: () => Date): IdentityServices {
  const known = new Map<string, Known>();
  const fetch: CustomFetch = guardedFetch(may);

  function configurationOf(provider: OpenedProvider): Promise<Configuration> {
    const of = [provider.kind, provider.issuer, provider.client_id, provider.secret_id].join(' ');
    const before = known.get(of);
    if (before && before.until > now().getTime()) return before.configuration;
    const configuration = library().then((client) =>
      provider.kind === 'github'
        ? githubConfiguration(client, provider, fetch)
        : oidcConfiguration(client, provider, fetch),
    );
    known.set(of, { configuration, until: now().getTime() + KNOWN_MS });
    // One that could not be asked is asked again.
    configuration.catch(() => known.delete(of));
    return configuration.catch(failedBy('away'));
  }

  return {
    probe: async (provider) => {
      await configurationOf(provider);
    },
    begin: async (provider, visit) => {
      const client = await library();
      const configuration = await configurationOf(provider);
      return client.buildAuthorizationUrl(configuration, {
        redirect_uri: visit.redirectUri,
        scope: provider.kind === 'github' ? GITHUB_SCOPE : OIDC_SCOPE,
        state: visit.state,
        code_challenge: await client.calculatePKCECodeChallenge(visit.verifier),
        code_challenge_method: 'S256',
        ...(provider.kind === 'oidc' && { nonce: visit.nonce }),
      }).href;
    },
    finish: async (provider, visit, answered) => {
      const client = await library();
      const configuration = await configurationOf(provider);
      const identityOf = provider.kind === 'github' ? githubIdentity : oidcIdentity;
      return identityOf(client, configuration, provider, { visit, back: backAt(visit, answered) }).catch(
        failedBy('refused'),
      );
    },
  };
}

function backAt({ redirectUri }: ProviderVisit, answered: Readonly<Record<string, string>>): URL {
  const url = new URL(redirectUri);
  url.search = new URLSearchParams(answered).toString();
  return url;
}

const failedBy =
  (why: ProviderFailed['why']) =>
  (cause: unknown): never => {
    throw new ProviderFailed(why, cause);
  };
