import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { SignIns } from '../commands/login/factor-ports.js';

interface Row {
  readonly at: Date;
  readonly address_block: string;
  readonly agent: string;
  readonly method: string;
}

export function createSignIns(pool: Pick<pg.Pool, 'query'>): SignIns {
  return {
    note: async (accountId, { at, addressBlock, agent, method }) => {
      await pool.query(
        'INSERT INTO sign_ins (id, account_id, at, address_block, agent, method) VALUES ($1, $2, $3, $4, $5, $6)',
        [randomUUID(), accountId, at, addressBlock, agent, method],
      );
    },
    list: async (accountId, limit) => {
      const { rows } = await pool.query<Row>(
        `SELECT at, address_block, agent, method FROM sign_ins WHERE account_id = $1
         ORDER BY at DESC, id LIMIT $2`,
        [accountId, limit],
      );
      return rows.map(({ address_block: addressBlock, ...rest }) => ({ addressBlock, ...rest }));
    },
    purge: async (before) => {
      const { rowCount } = await pool.query('DELETE FROM sign_ins WHERE at < $1', [before]);
      return rowCount ?? 0;
    },
  };
}
