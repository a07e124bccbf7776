import type pg from 'pg';
import type { BrowserSession, SessionOwner, Sessions } from '../commands/login/ports.js';
import { STILL_VOUCHED } from './vouched.js';

interface Row {
  readonly id: string;
  readonly account_id: string | null;
  readonly operator: string | null;
  readonly generation: bigint;
  readonly method: string;
  readonly via: string | null;
  readonly return_url: string | null;
  readonly expires_at: Date | null;
  readonly address_block: string;
  readonly agent: string;
  readonly created_at: Date;
  readonly seen_at: Date;
  readonly proven_at: Date;
}

/** Seen more often than this is not written down. */
const SEEN_EVERY_MS = 60_000;

const COLUMNS = `id, account_id, operator, generation, method, via, return_url, expires_at,
  address_block, agent, created_at, seen_at, proven_at`;
/** $1 now, $2 idle and $3 at most, in milliseconds. */
const LIVES = `seen_at > $1::timestamptz - $2 * interval '1 millisecond'
  AND created_at > $1::timestamptz - $3 * interval '1 millisecond'
  AND (expires_at IS NULL OR expires_at > $1)
  AND ${STILL_VOUCHED}`;

export function createSessions(pool: Pick<pg.Pool, 'query'>): Sessions {
  async function seen(row: Row | undefined, now: Date): Promise<BrowserSession | undefined> {
    if (!row) return undefined;
    if (now.getTime() - row.seen_at.getTime() >= SEEN_EVERY_MS)
      await pool.query('UPDATE sessions SET seen_at = greatest(seen_at, $2) WHERE id = $1', [row.id, now]);
    return sessionOf(row);
  }
  return {
    begin: async (session, secretHash) => {
      await pool.query(
        `INSERT INTO sessions (secret_hash, ${COLUMNS})
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
        [
          secretHash,
          session.id,
          session.accountId ?? null,
          session.operator ?? null,
          session.generation,
          session.method,
          session.via,
          session.returnUrl,
          session.expiresAt,
          session.addressBlock,
          session.agent,
          session.createdAt,
          session.seenAt,
          session.provenAt,
        ],
      );
    },
    find: async (secretHash, { idleMs, atMostMs }, now) => {
      const { rows } = await pool.query<Row>({
        name: 'session',
        text: `SELECT ${COLUMNS} FROM sessions WHERE ${LIVES} AND secret_hash = $4`,
        values: [now, idleMs, atMostMs, secretHash],
      });
      return seen(rows[0], now);
    },
    findListed: async (owner, id, { idleMs, atMostMs }, now) => {
      const { rows } = await pool.query<Row>({
        name: `session of ${ofOwner(owner)}`,
        text: `SELECT ${COLUMNS} FROM sessions WHERE ${LIVES} AND ${ofOwner(owner)} = $4 AND id = $5`,
        values: [now, idleMs, atMostMs, nameOf(owner), id],
      });
      return seen(rows[0], now);
    },
    list: async (owner, { idleMs, atMostMs }, now) => {
      const { rows } = await pool.query<Row>(
        `SELECT ${COLUMNS} FROM sessions WHERE ${LIVES} AND ${ofOwner(owner)} = $4 ORDER BY seen_at DESC, id`,
        [now, idleMs, atMostMs, nameOf(owner)],
      );
      return rows.map(sessionOf);
    },
    ...endings(pool),
  };
}

/** How long they last, and how they end. */
const endings = (pool: Pick<pg.Pool, 'query'>): Pick<Sessions, 'prolong' | 'end' | 'endAll' | 'purge'> => ({
  prolong: async (owner, id, expiresAt) => {
    const { rowCount } = await pool.query(
      `UPDATE sessions SET expires_at = greatest(expires_at, $3) WHERE ${ofOwner(owner)} = $1 AND id = $2`,
      [nameOf(owner), id, expiresAt],
    );
    return rowCount === 1;
  },
  end: async (owner, id) => {
    const { rowCount } = await pool.query(
      `DELETE FROM sessions WHERE ${ofOwner(owner)} = $1 AND id::text = $2`,
      [nameOf(owner), id],
    );
    return rowCount === 1;
  },
  endAll: async (owner, except) => {
    const { rowCount } = await pool.query(
      `DELETE FROM sessions WHERE ${ofOwner(owner)} = $1 AND id::text IS DISTINCT FROM $2`,
      [nameOf(owner), except ?? null],
    );
    return rowCount ?? 0;
  },
  purge: async ({ idleMs, atMostMs }, now) => {
    const { rowCount } = await pool.query(`DELETE FROM sessions WHERE NOT (${LIVES})`, [
      now,
      idleMs,
      atMostMs,
    ]);
    return rowCount ?? 0;
  },
});

export const ofOwner = ({ operator }: SessionOwner) => (operator === undefined ? 'account_id' : 'operator');
export const nameOf = ({ accountId, operator }: SessionOwner) => operator ?? accountId;

function sessionOf(row: Row): BrowserSession {
  const owner = row.operator === null ? { accountId: row.account_id as string } : { operator: row.operator };
  return {
    ...owner,
    id: row.id,
    generation: row.generation,
    method: row.method,
    via: row.via,
    returnUrl: row.return_url,
    expiresAt: row.expires_at,
    addressBlock: row.address_block,
    agent: row.agent,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    provenAt: row.proven_at,
  };
}
