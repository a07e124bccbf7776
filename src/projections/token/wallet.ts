import type { WalletView } from './view.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import { logRowOfSql, type LogRow, selectLogRows, type SqlLogRow } from '../usage/log-row.js';

interface Row {
  readonly balance: bigint;
  readonly used_quota: bigint;
  readonly total_requests: bigint;
  readonly quota_limit: bigint | null;
  readonly key_used: bigint;
  readonly day: string;
  readonly week: string;
  readonly month: string;
}

/** Undefined for a key that is not in the read models. `now` says which day it is. */
export async function findWallet(db: Queryable, tokenId: number, now: Date): Promise<WalletView | undefined> {
  const { rows } = await db.query<Row>(
    `WITH today AS (
       SELECT ($2::timestamptz AT TIME ZONE split_part(version, ':', 2))::date AS day FROM projection_checkpoints
       WHERE projection = 'statistics' AND slot = 'live')
     SELECT coalesce(b.balance, 0) AS balance, coalesce(b.used_quota, 0) AS used_quota,
            coalesce(b.total_requests, 0) AS total_requests, t.quota_limit, coalesce(u.used_quota, 0) AS key_used,
            ${sinceSql('today.day')} AS day, ${sinceSql(`date_trunc('week', today.day)`)} AS week,
            ${sinceSql(`date_trunc('month', today.day)`)} AS month
     FROM ${schemaOf('tokens')}.tokens t
     LEFT JOIN ${schemaOf('balance')}.balances b USING (account_id)
     LEFT JOIN ${schemaOf('balance')}.token_usage u USING (token_id)
     LEFT JOIN today ON true
     LEFT JOIN ${schemaOf('statistics')}.daily_usage d ON d.account_id = t.account_id AND d.token_id = t.token_id
       AND d.day >= least(date_trunc('week', today.day), date_trunc('month', today.day))
     WHERE t.token_id = $1
     GROUP BY b.balance, b.used_quota, b.total_requests, t.quota_limit, u.used_quota`,
    [tokenId, now],
  );
  return rows[0] && walletOf(rows[0]);
}

const sinceSql = (day: string): string => `coalesce(sum(d.quota) FILTER (WHERE d.day >= ${day}), 0)`;

const walletOf = (row: Row): WalletView => ({
  balance: row.balance,
  usedQuota: row.used_quota,
  totalRequests: Number(row.total_requests),
  keyLimit: row.quota_limit,
  keyUsed: row.key_used,
  keyUsedSince: { day: BigInt(row.day), week: BigInt(row.week), month: BigInt(row.month) },
});

/** The newest row of a key's calls by the id of the request or of the call. Clients choose ids of requests: other keys' calls may have the same. */
export async function findCall(db: Queryable, tokenId: number, id: string): Promise<LogRow | undefined> {
  const places = `
    SELECT l.position, l.recorded_at FROM ${schemaOf('usage-log')}.log_rows l
    WHERE (l.request_id = $2 OR l.reference = $2) AND l.token_id = $1 AND l.type IN ('consume', 'error')
    ORDER BY l.recorded_at DESC, l.position DESC LIMIT 1`;
  const { rows } = await db.query<SqlLogRow>(selectLogRows(places), [tokenId, id]);
  return rows[0] && logRowOfSql(rows[0]);
}
