import { z } from 'zod';

/** What a login is: whose, of which session number, and when the password was given. */
export interface SignedLogin {
  readonly name: string;
  readonly session: bigint;
  /** Unix seconds. */
  readonly since: number;
  /** The row of it in the list of sessions, where there is one: without that row it has ended. */
  readonly listed?: string | undefined;
}

export interface LoginTokens {
  /** `expiresAt`: unix seconds. */
  sign(login: SignedLogin): Promise<{ readonly token: string; readonly expiresAt: number }>;
  /** Undefined for what is not a token of ours, was changed, or has expired. */
  verify(token: string): Promise<SignedLogin | undefined>;
}

const TOKEN_SECONDS = 30 * 60;
export const TOKEN_MS = TOKEN_SECONDS * 1000;
/** However often it is renewed, a login ends and the password is asked for again. */
const LOGIN_SECONDS = 12 * 60 * 60;
const [ALGORITHM, ISSUER] = ['HS256', 'counterfoil'];
const claims = z.object({
  sub: z.string(),
  ses: z.string().regex(/^\d{1,18}$/),
  auth_time: z.int(),
  sid: z.string().optional(),
});

/** Loaded when the first operator logs in: commands and relays, which have none, start without it. */
const jose = () => import('jose');

/**
 * JSON Web Tokens. A token of one audience is worth nothing to another.
 *
 * @param key 32 bytes, of the master key: with another master key every login ends
 */
export function createLoginTokens(key: Uint8Array, audience: string, now: () => Date): LoginTokens {
  return {
    sign: async ({ name, session, since, listed }) => {
      const issuedAt = Math.floor(now().getTime() / 1000);
      const expiresAt = Math.min(issuedAt + TOKEN_SECONDS, since + LOGIN_SECONDS);
      const { SignJWT } = await jose();
      const token = await new SignJWT({
        ses: session.toString(),
        auth_time: since,
        ...(listed !== undefined && { sid: listed }),
      })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setSubject(name)
        .setIssuer(ISSUER)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(key);
      return { token, expiresAt };
    },
    verify: async (token) => {
      const { errors, jwtVerify } = await jose();
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience,
          requiredClaims: ['exp'],
          currentDate: now(),
        });
        const { sub, ses, auth_time, sid } = claims.parse(payload);
        return { name: sub, session: BigInt(ses), since: auth_time, listed: sid };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}

/** Whether a bearer is written as a token is, rather than as a key. */
export const looksLikeLoginToken = (bearer: string): boolean =>
  /^eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{20,}$/.test(bearer);
