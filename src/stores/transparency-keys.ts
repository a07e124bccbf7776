import type pg from 'pg';
import { z } from 'zod';
import { sealedField } from '../domain/stored/fields.js';
import { withTransaction } from '../postgres/pool.js';
import type { Keyring } from '../support/keyring.js';
import type { KeptKey, KeyStore } from '../transparency/signing-keys.js';

/** What a key that signs checkpoints is sealed for; `id` is that of its signatures. */
export const transparencyKeyPurpose = (id: string): string => `transparency-key:${id}`;

const kept = z.array(z.object({ id: z.string(), vkey: z.string(), sealed: sealedField }));

/** What checkpoints are signed with: it exists nowhere else. */
export function createTransparencyKeys(pool: pg.Pool, keyring: Pick<Keyring, 'seal' | 'open'>): KeyStore {
  const read = async (condition: string): Promise<readonly KeptKey[]> => {
    const { rows } = await pool.query(
      `SELECT id, vkey, sealed FROM transparency_keys WHERE ${condition} ORDER BY made_at, id`,
    );
    return kept.parse(rows).map(({ id, vkey, sealed }) => {
      const seed = Buffer.from(keyring.open(sealed, transparencyKeyPurpose(id)), 'base64');
      return { id, vkey, seed };
    });
  };
  return {
    /** Those that sign, in the order in which they were made. */
    inUse: () => read('retired_at IS NULL'),
    all: () => read('true'),
    /** `first`: only where there is none yet, whoever else is at it. */
    async add({ id, vkey, seed }, { first, now }) {
      const sealed = keyring.seal(seed.toString('base64'), transparencyKeyPurpose(id));
      await withTransaction(pool, async (tx) => {
        await tx.query('SELECT FROM transparency_tree FOR UPDATE');
        await tx.query(
          `INSERT INTO transparency_keys (id, vkey, sealed, made_at) SELECT $1, $2, $3::jsonb, $4
           WHERE NOT $5 OR NOT EXISTS (SELECT FROM transparency_keys)`,
          [id, vkey, JSON.stringify(sealed), now, first],
        );
      });
    },
    /** False where it does not sign, or is the only one that does. */
    async retire(id, now) {
      const { rowCount } = await pool.query(
        `UPDATE transparency_keys SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL
           AND EXISTS (SELECT FROM transparency_keys WHERE id <> $1 AND retired_at IS NULL)`,
        [id, now],
      );
      return rowCount === 1;
    },
  };
}
