import { type Queryable, schemaOf } from '../runtime/projection.js';

/** What the keys of an account that have a limit, and are in use, have used of it. */
export async function readLimitedKeys(
  db: Queryable,
  accountId: string,
): Promise<readonly { readonly tokenId: number; readonly used: bigint; readonly limit: bigint }[]> {
  const { rows } = await db.query<{ token_id: bigint; used_quota: bigint; quota_limit: bigint }>(
    `SELECT t.token_id, u.used_quota, t.quota_limit
     FROM ${schemaOf('tokens')}.tokens t JOIN ${schemaOf('balance')}.token_usage u USING (token_id)
     WHERE t.account_id = $1 AND NOT t.revoked AND NOT t.disabled AND t.quota_limit > 0`,
    [accountId],
  );
  return rows.map((row) => ({
    tokenId: Number(row.token_id),
    used: row.used_quota,
    limit: row.quota_limit,
  }));
}
