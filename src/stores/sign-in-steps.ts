import type pg from 'pg';
import type { SignInSteps } from '../commands/login/factor-ports.js';
import { type Sealed, sealedField } from '../domain/stored/fields.js';
import type { Keyring } from '../support/keyring.js';

const purpose = (secretHash: string): string => `sign-in-step:${secretHash}`;

export function createSignInSteps(
  pool: Pick<pg.Pool, 'query'>,
  keyring: Pick<Keyring, 'seal' | 'open'>,
): SignInSteps {
  const opened = async (statement: string, secretHash: string, now: Date) => {
    const { rows } = await pool.query<{ sealed: Sealed; expires_at: Date }>(statement, [secretHash]);
    const [row] = rows;
    return row && row.expires_at > now
      ? keyring.open(sealedField.parse(row.sealed), purpose(secretHash))
      : undefined;
  };
  return {
    add: async ({ accountId, content }, secretHash, expiresAt) => {
      await pool.query(
        'INSERT INTO sign_in_steps (secret_hash, account_id, sealed, expires_at) VALUES ($1, $2, $3, $4)',
        [
          secretHash,
          accountId ?? null,
          JSON.stringify(keyring.seal(content, purpose(secretHash))),
          expiresAt,
        ],
      );
    },
    find: (secretHash, now) =>
      opened('SELECT sealed, expires_at FROM sign_in_steps WHERE secret_hash = $1', secretHash, now),
    take: (secretHash, now) =>
      opened(
        'DELETE FROM sign_in_steps WHERE secret_hash = $1 RETURNING sealed, expires_at',
        secretHash,
        now,
      ),
    purge: async (now) => {
      const { rowCount } = await pool.query('DELETE FROM sign_in_steps WHERE expires_at <= $1', [now]);
      return rowCount ?? 0;
    },
  };
}
