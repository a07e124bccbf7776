import type pg from 'pg';
import type { Handover, Handovers } from '../commands/login/ports.js';
import { STILL_VOUCHED } from './vouched.js';

interface Row {
  readonly account_id: string;
  readonly via: string;
  readonly page: string;
  readonly return_url: string | null;
  readonly language: 'zh' | 'en' | null;
  readonly expires_at: Date;
  readonly vouched: boolean;
}

export function createHandovers(pool: Pick<pg.Pool, 'query'>): Handovers {
  return {
    add: async ({ accountId, via, page, returnUrl, language }, codeHash, expiresAt) => {
      await pool.query(
        `INSERT INTO handovers (code_hash, account_id, via, page, return_url, language, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [codeHash, accountId, via, page, returnUrl, language, expiresAt],
      );
    },
    take: async (codeHash, now) => {
      const { rows } = await pool.query<Row>(
        `DELETE FROM handovers WHERE code_hash = $1
         RETURNING account_id, via, page, return_url, language, expires_at, ${STILL_VOUCHED} AS vouched`,
        [codeHash],
      );
      const [row] = rows;
      return row && row.expires_at > now && row.vouched ? handoverOf(row) : undefined;
    },
    purge: async (now) => {
      const { rowCount } = await pool.query('DELETE FROM handovers WHERE expires_at <= $1', [now]);
      return rowCount ?? 0;
    },
  };
}

const handoverOf = (row: Row): Handover => ({
  accountId: row.account_id,
  via: row.via,
  page: row.page,
  returnUrl: row.return_url,
  language: row.language,
});
