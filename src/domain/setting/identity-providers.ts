import { z } from 'zod';
import { providerName } from '../login/events.js';

/** A service of others at which people are known; its secret is kept beside the log, sealed, under `secret_id`. */
const identityProvider = z.object({
  /** In addresses and events; never changed. */
  name: providerName,
  /** `oidc`: OpenID Connect with discovery; `github`: GitHub, or one's own (Enterprise Server). */
  kind: z.enum(['oidc', 'github']),
  /** On the button. */
  label: z.string().min(1).max(40),
  /** `https://accounts.example.com`; of GitHub where it is: `https://github.com`. */
  issuer: z.string().min(1).max(300),
  client_id: z.string().min(1).max(300),
  secret_id: z.uuid(),
});
export type IdentityProvider = z.infer<typeof identityProvider>;

export const MOST_PROVIDERS = 10;

export const identityProviders = z.array(identityProvider).max(MOST_PROVIDERS);

/** Whether an address is one that a secret may be sent to: by https, or on this machine. */
function isSafe(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, hostname, username, hash } = new URL(issuer);
  const isHere = hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost';
  return username === '' && hash === '' && (protocol === 'https:' || (protocol === 'http:' && isHere));
}

/** The same as an operator must write them. */
export const identityProvidersInput = z
  .array(
    identityProvider
      .extend({ issuer: identityProvider.shape.issuer.refine(isSafe, 'an address by https') })
      .strict(),
  )
  .max(MOST_PROVIDERS)
  .refine(
    (all) => new Set(all.map(({ name }) => name)).size === all.length,
    'a name stands for one provider',
  );
