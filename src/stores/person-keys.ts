import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { type PersonalData, personalDataSchema } from '../domain/account/personal-data.js';
import type { Sealed } from '../domain/stored/fields.js';
import { ExpiringCache } from '../support/expiring-cache.js';
import { type Keyring, openBytes, sealBytes } from '../support/keyring.js';
import type { PersonalDataVault } from '../support/personal-data-vault.js';

/** The person's key was destroyed; nothing can be sealed for this account any more. */
export class PersonErased extends Error {
  override readonly name = 'PersonErased';
}

const KEY_BYTES = 32;
const CACHED_KEYS = 10_000;
/** How long another process may still open what an erased person had. */
const CACHE_TTL_MS = 30_000;

const keyIdOf = (accountId: string): string => `person:${accountId}`;
const accountIdOf = (keyId: string): string => keyId.replace(/^person:/, '');

/**
 * One key a person, wrapped under the master key in PostgreSQL. Erasing leaves the row without the key, so that no new key is made.
 * Backups and the database's own log keep the wrapped key for as long as they are kept.
 */
export function createPersonKeyVault(
  pool: pg.Pool,
  keyring: Pick<Keyring, 'wrapKey' | 'unwrapKey'>,
): PersonalDataVault {
  const cache = new ExpiringCache<string, Buffer>(CACHED_KEYS, CACHE_TTL_MS);

  async function find(accountId: string): Promise<Buffer | 'erased' | undefined> {
    const { rows } = await pool.query<{ wrapped: Buffer | null }>({
      name: 'person-key',
      text: 'SELECT wrapped FROM person_keys WHERE account_id = $1',
      values: [accountId],
    });
    const [row] = rows;
    if (!row) return undefined;
    return row.wrapped ? keyring.unwrapKey(row.wrapped, keyIdOf(accountId)) : 'erased';
  }

  /** Asks the database each time: a key in the cache may have been erased by another process. */
  async function findOrMake(accountId: string): Promise<Buffer> {
    let key = await find(accountId);
    if (key === undefined) {
      const made = keyring.wrapKey(randomBytes(KEY_BYTES), keyIdOf(accountId));
      await pool.query(
        'INSERT INTO person_keys (account_id, wrapped) VALUES ($1, $2) ON CONFLICT (account_id) DO NOTHING',
        [accountId, made],
      );
      key = await find(accountId);
    }
    if (key === undefined || key === 'erased')
      throw new PersonErased(`the person of account ${accountId} was erased`);
    return key;
  }

  return {
    seal: async (accountId, data): Promise<Sealed> => {
      const key = await findOrMake(accountId);
      cache.set(accountId, key);
      const key_id = keyIdOf(accountId);
      const box = sealBytes(key, Buffer.from(JSON.stringify(data)), key_id).toString('base64');
      return { key_id, box };
    },
    open: async ({ key_id, box }): Promise<PersonalData | undefined> => {
      const accountId = accountIdOf(key_id);
      const key = cache.get(accountId) ?? (await find(accountId));
      if (key === undefined)
        throw new Error(`the key ${key_id} is missing: was the database restored without it?`);
      if (key === 'erased') return undefined;
      cache.set(accountId, key);
      return personalDataSchema.parse(
        JSON.parse(openBytes(key, Buffer.from(box, 'base64'), key_id).toString()),
      );
    },
    erase: async (accountId) => {
      await pool.query(
        `INSERT INTO person_keys (account_id, wrapped, erased_at) VALUES ($1, NULL, now())
         ON CONFLICT (account_id) DO UPDATE SET wrapped = NULL, erased_at = coalesce(person_keys.erased_at, now())`,
        [accountId],
      );
      cache.delete(accountId);
    },
  };
}
