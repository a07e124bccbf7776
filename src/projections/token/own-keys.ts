import { MOST_EPHEMERAL_SECONDS } from '../../domain/token/ephemeral.js';
import type { TokenView } from './view.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import { COLUMNS, type TokenRow, tokenView, TOKENS } from './query.js';

/** An access key as its owner sees it. */
export interface OwnKeyRow extends TokenView {
  readonly issuedAt: Date;
  /** Of the last call that was answered; null: none was. */
  readonly lastUsedAt: Date | null;
}

interface Row extends TokenRow {
  readonly issued_at: Date;
  readonly last_used_at: Date | null;
}

const LOG = `${schemaOf('usage-log')}.log_rows`;

/**
 * A key's last movement leads to its row. Where that is a correction, the last call is looked for from the end: there is one, since only a
 * charge is corrected.
 */
const LAST_USED = `
  (SELECT CASE WHEN l.type = 'consume' THEN l.recorded_at ELSE (
     SELECT c.recorded_at FROM ${LOG} c WHERE c.account_id = t.account_id AND c.token_id = t.token_id AND c.type = 'consume'
     ORDER BY c.recorded_at DESC, c.position DESC LIMIT 1) END
   FROM ${LOG} l WHERE l.position = u.position) AS last_used_at`;

const SELECT = `SELECT ${COLUMNS}, t.issued_at, ${LAST_USED} FROM ${TOKENS} WHERE t.account_id = $1 AND NOT t.revoked`;

/** Those that were made to last. */
const LASTING = `coalesce((t.limits ->> 'expires_at')::bigint > extract(epoch FROM t.issued_at) + ${MOST_EPHEMERAL_SECONDS}, true)`;

/** Keys of an account that are not revoked and were made to last, the newest first. */
export async function listOwnKeys(
  db: Queryable,
  accountId: string,
  { before, limit }: { readonly before: bigint | undefined; readonly limit: number },
): Promise<readonly OwnKeyRow[]> {
  const { rows } = await db.query<Row>(
    `${SELECT} AND ${LASTING} AND ($2::bigint IS NULL OR t.token_id < $2) ORDER BY t.token_id DESC LIMIT $3`,
    [accountId, before ?? null, limit],
  );
  return rows.map(ownKeyOf);
}

/** How many there are; no more than `most` and one are counted. */
export async function countOwnKeys(db: Queryable, accountId: string, most: number): Promise<number> {
  const { rows } = await db.query<{ keys: bigint }>(
    `SELECT count(*) AS keys FROM (
       SELECT FROM ${schemaOf('tokens')}.tokens t WHERE t.account_id = $1 AND NOT t.revoked AND ${LASTING} LIMIT $2) found`,
    [accountId, most + 1],
  );
  return Number(rows[0]?.keys ?? 0);
}

/** A key of an account that is not revoked. */
export async function findOwnKey(
  db: Queryable,
  accountId: string,
  tokenId: number,
): Promise<OwnKeyRow | undefined> {
  const { rows } = await db.query<Row>(`${SELECT} AND t.token_id = $2`, [accountId, tokenId]);
  return rows[0] && ownKeyOf(rows[0]);
}

const ownKeyOf = (row: Row): OwnKeyRow => ({
  ...tokenView(row),
  issuedAt: row.issued_at,
  lastUsedAt: row.last_used_at,
});
