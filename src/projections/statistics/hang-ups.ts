import { type Queryable, schemaOf } from '../runtime/projection.js';

/** The calls of an access key that its clients did not wait for. */
export interface HangUpRow {
  readonly tokenId: number;
  readonly tokenName: string;
  readonly keyMask: string;
  readonly userId: number;
  readonly externalUserId: string;
  readonly username: string;
  readonly hungUp: number;
  /** Calls that were charged, hung up on or not. */
  readonly requests: number;
}

export interface HangUpFilter {
  /** Today and the days before it, in the ledger's time zone. */
  readonly days: number;
  readonly externalUserId?: string | undefined;
  readonly limit: number;
}

interface Row {
  readonly token_id: bigint;
  readonly token_name: string;
  readonly key_mask: string;
  readonly user_id: bigint;
  readonly external_user_id: string;
  readonly username: string;
  readonly hung_up: string;
  readonly requests: string;
}

/** The access keys whose calls were hung up on most often in the last days, those first. */
export async function readHangUps(
  db: Queryable,
  { days, externalUserId, limit }: HangUpFilter,
  now: Date,
): Promise<readonly HangUpRow[]> {
  const { rows } = await db.query<Row>(
    `WITH since AS MATERIALIZED (
       SELECT ($1::timestamptz AT TIME ZONE split_part(version, ':', 2))::date - $2::int AS day FROM projection_checkpoints
       WHERE projection = 'statistics' AND slot = 'live'),
     leavers AS (
       SELECT DISTINCT account_id, token_id FROM ${schemaOf('statistics')}.daily_usage
       WHERE hung_up > 0 AND day > (SELECT day FROM since))
     SELECT t.token_id, t.token_name, t.key_mask, a.user_id, a.external_user_id, a.username,
            sum(d.hung_up) AS hung_up, sum(d.requests) AS requests
     FROM leavers
     JOIN ${schemaOf('statistics')}.daily_usage d USING (account_id, token_id)
     JOIN ${schemaOf('tokens')}.tokens t USING (token_id)
     JOIN ${schemaOf('accounts')}.accounts a ON a.account_id = leavers.account_id
     WHERE d.day > (SELECT day FROM since) AND ($3::text IS NULL OR a.external_user_id = $3)
     GROUP BY t.token_id, t.token_name, t.key_mask, a.user_id, a.external_user_id, a.username
     ORDER BY sum(d.hung_up) DESC, t.token_id LIMIT $4`,
    [now, days, externalUserId ?? null, limit],
  );
  return rows.map((row) => ({
    tokenId: Number(row.token_id),
    tokenName: row.token_name,
    keyMask: row.key_mask,
    userId: Number(row.user_id),
    externalUserId: row.external_user_id,
    username: row.username,
    hungUp: Number(row.hung_up),
    requests: Number(row.requests),
  }));
}
