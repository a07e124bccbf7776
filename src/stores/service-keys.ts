import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { z } from 'zod';
import { ExpiringCache } from '../support/expiring-cache.js';
import type { Keyring } from '../support/keyring.js';

/** What a service key may do. */
export const SERVICE_KEY_SCOPES = ['users', 'topups', 'tokens', 'read', 'audit', 'sessions'] as const;
export type ServiceKeyScope = (typeof SERVICE_KEY_SCOPES)[number];

/** A front end's key as it is listed: never the key itself. */
export interface ServiceKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ServiceKeyScope[];
  /** Where people may be led back to. */
  readonly returnOrigins: readonly string[];
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

type FoundKey = Pick<ServiceKey, 'id' | 'scopes' | 'returnOrigins'>;

export interface ServiceKeyStore {
  /** `key` is told here and never again. */
  create(
    name: string,
    scopes: readonly ServiceKeyScope[],
    returnOrigins?: readonly string[],
  ): Promise<ServiceKey & { readonly key: string }>;
  list(): Promise<readonly ServiceKey[]>;
  /** Ends the sessions that it vouched for, too. @returns false when there is no such key. Other processes obey within CACHE_TTL_MS. */
  revoke(id: string): Promise<boolean>;
  /** Undefined when the key is unknown or revoked. */
  find(key: string): Promise<FoundKey | undefined>;
  /** Makes sure that the keys an operator has preset exist, with all scopes. One that was revoked stays revoked. */
  ensurePresets(keys: readonly string[]): Promise<void>;
}

const CACHED_KEYS = 1_000;
const CACHE_TTL_MS = 5_000;
const MIN_PRESET_LENGTH = 16;

const rowSchema = z
  .object({
    id: z.bigint(),
    name: z.string(),
    scopes: z.array(z.enum(SERVICE_KEY_SCOPES)),
    return_origins: z.array(z.string()),
    created_at: z.date(),
    revoked_at: z.date().nullable(),
  })
  .transform((row): ServiceKey => ({
    id: row.id.toString(),
    name: row.name,
    scopes: row.scopes,
    returnOrigins: row.return_origins,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  }));
const COLUMNS = 'id, name, scopes, return_origins, created_at, revoked_at';

export function createServiceKeys(pool: pg.Pool, keyring: Pick<Keyring, 'hashServiceKey'>): ServiceKeyStore {
  const cache = new ExpiringCache<string, FoundKey>(CACHED_KEYS, CACHE_TTL_MS);

  return {
    create: async (name, scopes, returnOrigins = []) => {
      const key = `cfs_${randomBytes(32).toString('base64url')}`;
      const { rows } = await pool.query(
        `INSERT INTO service_keys (key_hash, name, scopes, return_origins) VALUES ($1, $2, $3, $4) RETURNING ${COLUMNS}`,
        [keyring.hashServiceKey(key), name, scopes, returnOrigins],
      );
      return { ...rowSchema.parse(rows[0]), key };
    },

    list: async () => {
      const { rows } = await pool.query(`SELECT ${COLUMNS} FROM service_keys ORDER BY id`);
      return z.array(rowSchema).parse(rows);
    },

    revoke: async (id) => {
      if (!/^\d{1,18}$/.test(id)) return false;
      const { rows } = await pool.query<{ key_hash: string }>(
        'UPDATE service_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING key_hash',
        [id],
      );
      if (rows[0]) cache.delete(rows[0].key_hash);
      for (const table of ['handovers', 'sessions'])
        await pool.query(`DELETE FROM ${table} WHERE via = $1`, [`service-key:${id}`]);
      return rows.length > 0;
    },

    find: async (key) => {
      const hash = keyring.hashServiceKey(key);
      const cached = cache.get(hash);
      if (cached) return cached;
      const { rows } = await pool.query({
        name: 'service-key',
        text: `SELECT ${COLUMNS} FROM service_keys WHERE key_hash = $1 AND revoked_at IS NULL`,
        values: [hash],
      });
      if (rows[0] === undefined) return undefined;
      const { id, scopes, returnOrigins } = rowSchema.parse(rows[0]);
      cache.set(hash, { id, scopes, returnOrigins });
      return { id, scopes, returnOrigins };
    },

    ensurePresets: async (keys) => {
      if (keys.some((key) => key.length < MIN_PRESET_LENGTH))
        throw new RangeError(`a preset service key has at least ${MIN_PRESET_LENGTH} characters`);
      await pool.query(
        `INSERT INTO service_keys (key_hash, name, scopes) SELECT hash, 'preset', $2 FROM unnest($1::text[]) AS hash
         ON CONFLICT (key_hash) DO NOTHING`,
        [keys.map((key) => keyring.hashServiceKey(key)), SERVICE_KEY_SCOPES],
      );
    },
  };
}
