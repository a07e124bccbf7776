import type pg from 'pg';
import type { UserLanguages } from '../commands/login/ports.js';

export function createUserLanguages(pool: Pick<pg.Pool, 'query'>): UserLanguages {
  return {
    of: async (accountId) => {
      const { rows } = await pool.query<{ language: 'zh' | 'en' }>(
        'SELECT language FROM user_languages WHERE account_id = $1',
        [accountId],
      );
      return rows[0]?.language;
    },
    keep: async (accountId, language) => {
      await pool.query(
        `INSERT INTO user_languages (account_id, language) VALUES ($1, $2)
         ON CONFLICT (account_id) DO UPDATE SET language = $2`,
        [accountId, language],
      );
    },
  };
}
