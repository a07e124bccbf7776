import type pg from 'pg';
import type { SignInData, UserCredentials } from '../commands/login/ports.js';

type Pool = Pick<pg.Pool, 'query'>;

/** What people sign in with. A change of the password ends every session and token. */
export function createUserCredentials(pool: Pool): UserCredentials {
  return {
    find: async (accountId) => {
      const { rows } = await pool.query<{ password_hash: string; generation: bigint }>(
        'SELECT password_hash, generation FROM user_credentials WHERE account_id = $1',
        [accountId],
      );
      const [row] = rows;
      return row && { passwordHash: row.password_hash, generation: row.generation };
    },
    add: async (accountId, passwordHash) => {
      const { rowCount } = await pool.query(
        `INSERT INTO user_credentials (account_id, password_hash) VALUES ($1, $2)
         ON CONFLICT (account_id) DO NOTHING`,
        [accountId, passwordHash],
      );
      return rowCount === 1;
    },
    set: async (accountId, passwordHash) => {
      const { rows } = await pool.query<{ generation: bigint }>(
        `INSERT INTO user_credentials AS c (account_id, password_hash) VALUES ($1, $2)
         ON CONFLICT (account_id) DO UPDATE
           SET password_hash = $2, generation = c.generation + 1, changed_at = now()
         RETURNING generation`,
        [accountId, passwordHash],
      );
      await pool.query('DELETE FROM sessions WHERE account_id = $1', [accountId]);
      return (rows[0] as { generation: bigint }).generation;
    },
    endAll: async (accountId) => {
      await pool.query('UPDATE user_credentials SET generation = generation + 1 WHERE account_id = $1', [
        accountId,
      ]);
    },
  };
}

/** What is kept beside the log of how an account's person signs in, and is written to. */
const SIGN_IN_TABLES = [
  'user_credentials',
  'totp_secrets',
  'recovery_codes',
  'passkeys',
  'sign_in_steps',
  'sign_ins',
  'sessions',
  'handovers',
  'mail_tokens',
  'mails',
  'user_languages',
  'user_alerts',
  'user_alert_notices',
] as const;

export function createSignInData(pool: Pool): SignInData {
  return {
    forget: async (accountId) => {
      for (const table of SIGN_IN_TABLES)
        await pool.query(`DELETE FROM ${table} WHERE account_id = $1`, [accountId]);
    },
  };
}
