import type pg from 'pg';
import type { OperatorCredentials } from '../commands/operator/commands.js';

/** What operators log in with. A change of the password ends every login. */
export function createOperatorCredentials(pool: Pick<pg.Pool, 'query'>): OperatorCredentials {
  return {
    find: async (name) => {
      const { rows } = await pool.query<{ password_hash: string; session: bigint }>(
        'SELECT password_hash, session FROM operator_credentials WHERE name = $1',
        [name],
      );
      const [row] = rows;
      return row && { passwordHash: row.password_hash, session: row.session };
    },
    add: async (name, passwordHash) => {
      const { rowCount } = await pool.query(
        'INSERT INTO operator_credentials (name, password_hash) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING',
        [name, passwordHash],
      );
      return rowCount === 1;
    },
    set: async (name, passwordHash) => {
      await pool.query(
        `INSERT INTO operator_credentials AS c (name, password_hash) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET password_hash = $2, session = c.session + 1, changed_at = now()`,
        [name, passwordHash],
      );
    },
    endSessions: async (name) => {
      await pool.query('UPDATE operator_credentials SET session = session + 1 WHERE name = $1', [name]);
    },
  };
}
