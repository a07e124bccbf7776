import type pg from 'pg';
import type { SessionOwner } from '../commands/login/ports.js';
import type { Passkey, Passkeys } from '../commands/login/passkey-ports.js';

interface Row {
  readonly id: string;
  readonly account_id: string | null;
  readonly operator: string | null;
  readonly name: string;
  readonly public_key: Buffer;
  readonly counter: bigint;
  readonly transports: readonly string[];
  readonly backed_up: boolean;
  readonly second_step: boolean;
  readonly created_at: Date;
  readonly used_at: Date | null;
}

const COLUMNS =
  'id, account_id, operator, name, public_key, counter, transports, backed_up, second_step, created_at, used_at';

/** Of the one or the other: a comparison with null is never true. */
const OF = '(account_id = $1 OR operator = $2)';
const ids = ({ accountId, operator }: SessionOwner) => [accountId ?? null, operator ?? null];
const ownerOf = ({ account_id: accountId, operator }: Row): SessionOwner =>
  accountId === null ? { operator: operator ?? '' } : { accountId };

export function createPasskeys(pool: Pick<pg.Pool, 'query'>): Passkeys {
  return {
    add: async (passkey) => {
      const { rowCount } = await pool.query(
        `INSERT INTO passkeys (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (id) DO NOTHING`,
        [
          passkey.id,
          passkey.owner.accountId ?? null,
          passkey.owner.operator ?? null,
          passkey.name,
          Buffer.from(passkey.publicKey),
          passkey.counter,
          passkey.transports,
          passkey.backedUp,
          passkey.secondStep,
          passkey.createdAt,
          passkey.usedAt,
        ],
      );
      return rowCount === 1;
    },
    find: async (id) => {
      const { rows } = await pool.query<Row>(`SELECT ${COLUMNS} FROM passkeys WHERE id = $1`, [id]);
      return rows[0] && passkeyOf(rows[0]);
    },
    list: async (owner) => {
      const { rows } = await pool.query<Row>(
        `SELECT ${COLUMNS} FROM passkeys WHERE ${OF} ORDER BY created_at, id`,
        ids(owner),
      );
      return rows.map(passkeyOf);
    },
    used: async (id, { from, to }, at) => {
      const { rowCount } = await pool.query(
        'UPDATE passkeys SET counter = $3, used_at = $4 WHERE id = $1 AND counter = $2',
        [id, from, to, at],
      );
      return rowCount === 1;
    },
    change: async (owner, id, { name, secondStep }) => {
      const { rowCount } = await pool.query(
        `UPDATE passkeys SET name = coalesce($4, name), second_step = coalesce($5, second_step)
         WHERE ${OF} AND id = $3`,
        [...ids(owner), id, name ?? null, secondStep ?? null],
      );
      return rowCount === 1;
    },
    remove: async (owner, id) => {
      await pool.query(`DELETE FROM passkeys WHERE ${OF} AND id = $3`, [...ids(owner), id]);
    },
  };
}

const passkeyOf = (row: Row): Passkey => ({
  id: row.id,
  owner: ownerOf(row),
  name: row.name,
  publicKey: row.public_key,
  counter: Number(row.counter),
  transports: row.transports,
  backedUp: row.backed_up,
  secondStep: row.second_step,
  createdAt: row.created_at,
  usedAt: row.used_at,
});
