import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';

/** The file that Google gives out for one. */
export const serviceAccount = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().optional(),
});
type ServiceAccount = z.infer<typeof serviceAccount>;

const ALGORITHM = 'RS256';
const LIVES_SECONDS = 3_600;

/**
 * What a service account signs to be given a token.
 * https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests
 */
export async function assertionOf(
  { client_email: email, private_key: key, private_key_id: kid }: ServiceAccount,
  audience: string,
  scopes: readonly string[],
  nowMs: number,
): Promise<string> {
  const issued = Math.floor(nowMs / 1_000);
  return new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', ...(kid !== undefined && { kid }) })
    .setIssuer(email)
    .setAudience(audience)
    .setIssuedAt(issued)
    .setExpirationTime(issued + LIVES_SECONDS)
    .sign(await importPKCS8(key, ALGORITHM));
}
