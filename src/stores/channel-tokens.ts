import type pg from 'pg';
import { z } from 'zod';
import { sealedField } from '../domain/stored/fields.js';
import type { Keyring } from '../support/keyring.js';

/** What a channel's tokens are sealed for; `id` is `channel/key`. */
export const channelTokenPurpose = (id: string): string => `channel-token:${id}`;

/** Beside the second half, which is the key's. */
const LOCK = 72_617;
/** Each has a connection for as long as a token endpoint takes: those of all others are not to wait for that. */
const AT_ONCE = 3;

const kept = z.object({
  accessToken: z.string(),
  expiresAtMs: z.number(),
  livesMs: z.number(),
  refreshToken: z.string().optional(),
  askedFor: z.string(),
});

type KeptToken = Omit<z.infer<typeof kept>, 'refreshToken'> & { readonly refreshToken: string | undefined };

/** Tokens as the relay keeps them for all its processes. */
export function createTokenStore(pool: Pick<pg.Pool, 'connect'>, keyring: Pick<Keyring, 'seal' | 'open'>) {
  const lanes: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  let next = 0;
  const locked = async <Result>(id: string, work: (guard: pg.PoolClient) => Promise<Result>) => {
    const guard = await pool.connect();
    let broken: Error | undefined;
    try {
      // Of the connection and not of a transaction: what is written is there at once, whatever becomes of the rest.
      await guard.query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK, id]);
      return await work(guard);
    } finally {
      await guard.query('SELECT pg_advisory_unlock_all()').catch((error: Error) => (broken = error));
      guard.release(broken);
    }
  };
  return {
    /** Does the work alone over all processes, for this key of this channel. */
    alone: <Result>(
      { channelId, keyId }: { readonly channelId: string; readonly keyId: string },
      work: (kept: KeptToken | undefined, keep: (token: KeptToken) => Promise<void>) => Promise<Result>,
    ): Promise<Result> => {
      const id = `${channelId}/${keyId}`;
      const lane = next++ % AT_ONCE;
      const done = (lanes[lane] as Promise<unknown>).then(() =>
        locked(id, async (guard) => {
          const { rows } = await guard.query<{ sealed: unknown }>(
            'SELECT sealed FROM channel_tokens WHERE id = $1',
            [id],
          );
          const before = rows[0] && keyring.open(sealedField.parse(rows[0].sealed), channelTokenPurpose(id));
          const token = before === undefined ? undefined : kept.parse(JSON.parse(before));
          return work(token && { ...token, refreshToken: token.refreshToken }, async (given) => {
            const sealed = keyring.seal(JSON.stringify(given), channelTokenPurpose(id));
            await guard.query(
              `INSERT INTO channel_tokens (id, sealed, expires_at) VALUES ($1, $2, to_timestamp($3))
               ON CONFLICT (id) DO UPDATE SET sealed = $2, expires_at = to_timestamp($3)`,
              [id, JSON.stringify(sealed), given.expiresAtMs / 1_000],
            );
          });
        }),
      );
      lanes[lane] = done.catch(() => undefined);
      return done;
    },
  };
}
