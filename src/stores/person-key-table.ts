import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { ExpiringCache } from '../support/expiring-cache.js';
import type { Keyring } from '../support/keyring.js';

/** The person's key was destroyed; nothing can be sealed for this account any more. */
export class PersonErased extends Error {
  override readonly name = 'PersonErased';
}

const KEY_BYTES = 32;
const CACHED_KEYS = 10_000;
/** How long another process may still open what an erased person had. */
const CACHE_TTL_MS = 30_000;

export const keyIdOf = (accountId: string): string => `person:${accountId}`;
export const accountIdOfKey = (keyId: string): string => keyId.replace(/^person:/, '');

/**
 * One key a person, wrapped under the master key in PostgreSQL. Erasing leaves the row without the key, so that no new key is made.
 * Backups and the database's own log keep the wrapped key for as long as they are kept.
 */
export class PersonKeyTable {
  private readonly cache = new ExpiringCache<string, Buffer>(CACHED_KEYS, CACHE_TTL_MS);

  constructor(
    private readonly pool: pg.Pool,
    private readonly keyring: Pick<Keyring, 'wrapKey' | 'unwrapKey'>,
  ) {}

  /** Undefined where there never was one. */
  async find(accountId: string): Promise<Buffer | 'erased' | undefined> {
    return this.cache.get(accountId) ?? (await this.read(accountId));
  }

  /** Those of many at once, by account; accounts that never had one are left out. */
  async findAll(accountIds: readonly string[]): Promise<ReadonlyMap<string, Buffer | 'erased'>> {
    const keys = new Map<string, Buffer | 'erased'>();
    for (const accountId of accountIds) {
      const key = this.cache.get(accountId);
      if (key) keys.set(accountId, key);
    }
    const missing = accountIds.filter((accountId) => !keys.has(accountId));
    if (missing.length === 0) return keys;
    const { rows } = await this.pool.query<{ account_id: string; wrapped: Buffer | null }>({
      name: 'person-keys',
      text: 'SELECT account_id, wrapped FROM person_keys WHERE account_id = ANY($1::uuid[])',
      values: [missing],
    });
    for (const { account_id, wrapped } of rows) keys.set(account_id, this.unwrapped(account_id, wrapped));
    return keys;
  }

  /** Asks the database each time: a key in the cache may have been erased by another process. @throws PersonErased */
  async findOrMake(accountId: string): Promise<Buffer> {
    let key = await this.read(accountId);
    if (key === undefined) {
      const made = this.keyring.wrapKey(randomBytes(KEY_BYTES), keyIdOf(accountId));
      await this.pool.query(
        'INSERT INTO person_keys (account_id, wrapped) VALUES ($1, $2) ON CONFLICT (account_id) DO NOTHING',
        [accountId, made],
      );
      key = await this.read(accountId);
    }
    if (key === undefined || key === 'erased')
      throw new PersonErased(`the person of account ${accountId} was erased`);
    return key;
  }

  async erase(accountId: string): Promise<void> {
    await this.pool.query(
      `INSERT INTO person_keys (account_id, wrapped, erased_at) VALUES ($1, NULL, now())
       ON CONFLICT (account_id) DO UPDATE SET wrapped = NULL, erased_at = coalesce(person_keys.erased_at, now())`,
      [accountId],
    );
    this.cache.delete(accountId);
  }

  private async read(accountId: string): Promise<Buffer | 'erased' | undefined> {
    const { rows } = await this.pool.query<{ wrapped: Buffer | null }>({
      name: 'person-key',
      text: 'SELECT wrapped FROM person_keys WHERE account_id = $1',
      values: [accountId],
    });
    return rows[0] && this.unwrapped(accountId, rows[0].wrapped);
  }

  private unwrapped(accountId: string, wrapped: Buffer | null): Buffer | 'erased' {
    if (!wrapped) return 'erased';
    const key = this.keyring.unwrapKey(wrapped, keyIdOf(accountId));
    this.cache.set(accountId, key);
    return key;
  }
}
