import type pg from 'pg';
import type { FactorSecrets } from '../commands/login/factor-ports.js';
import type { SessionOwner } from '../commands/login/ports.js';
import { type Sealed, sealedField } from '../domain/stored/fields.js';
import type { Keyring } from '../support/keyring.js';
import { nameOf, ofOwner } from './sessions.js';

/** What the secret of an authenticator is sealed for. */
export const totpPurpose = (id: string): string => `totp:${id}`;

interface Row {
  readonly id: string;
  readonly sealed: Sealed;
  readonly created_at: Date;
}

export function createFactorSecrets(
  pool: Pick<pg.Pool, 'query'>,
  keyring: Pick<Keyring, 'seal' | 'open'>,
): FactorSecrets {
  return {
    addTotp: async (owner, { id, secret, createdAt }) => {
      const sealed = keyring.seal(Buffer.from(secret).toString('base64'), totpPurpose(id));
      await pool.query(
        `INSERT INTO totp_secrets (id, ${ofOwner(owner)}, sealed, created_at) VALUES ($1, $2, $3, $4)`,
        [id, nameOf(owner), JSON.stringify(sealed), createdAt],
      );
    },
    totps: async (owner) => {
      const { rows } = await pool.query<Row>(
        `SELECT id, sealed, created_at FROM totp_secrets WHERE ${ofOwner(owner)} = $1 ORDER BY created_at DESC, id`,
        [nameOf(owner)],
      );
      return rows.map(({ id, sealed, created_at: createdAt }) => ({
        id,
        secret: Buffer.from(keyring.open(sealedField.parse(sealed), totpPurpose(id)), 'base64'),
        createdAt,
      }));
    },
    useStep: async (id, step) => {
      const { rowCount } = await pool.query(
        'UPDATE totp_secrets SET used_step = $2 WHERE id = $1 AND used_step < $2',
        [id, step],
      );
      return rowCount === 1;
    },
    addCodes: async (owner, batch, hashes) => {
      await pool.query(
        `INSERT INTO recovery_codes (code_hash, batch, ${ofOwner(owner)}) SELECT hash, $2, $3 FROM unnest($1::text[]) hash`,
        [hashes, batch, nameOf(owner)],
      );
    },
    useCode: async (batch, hash, now) => {
      const { rowCount } = await pool.query(
        'UPDATE recovery_codes SET used_at = $3 WHERE code_hash = $1 AND batch = $2 AND used_at IS NULL',
        [hash, batch, now],
      );
      return rowCount === 1;
    },
    codesLeft: async (batch) => {
      const { rows } = await pool.query<{ left: number }>(
        'SELECT count(*)::int AS left FROM recovery_codes WHERE batch = $1 AND used_at IS NULL',
        [batch],
      );
      return rows[0]?.left ?? 0;
    },
    keepOnly: (owner, ids) => keepOnly(pool, owner, ids),
  };
}

async function keepOnly(
  pool: Pick<pg.Pool, 'query'>,
  owner: SessionOwner,
  ids: readonly string[],
): Promise<void> {
  for (const [table, id] of [
    ['totp_secrets', 'id'],
    ['recovery_codes', 'batch'],
  ] as const)
    await pool.query(`DELETE FROM ${table} WHERE ${ofOwner(owner)} = $1 AND ${id}::text <> ALL ($2)`, [
      nameOf(owner),
      ids,
    ]);
}
