import type { AccountRow } from '../read-models.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

export interface AccountFilter {
  /** The number, the beginning of the external id, or a part of the username. */
  readonly text?: string | undefined;
  readonly group?: string | undefined;
  readonly status?: 'enabled' | 'suspended' | 'erased' | undefined;
}

interface Row {
  readonly user_id: bigint;
  readonly external_user_id: string;
  readonly username: string;
  readonly account_group: string;
  readonly suspended: boolean;
  readonly erased: boolean;
  readonly created_at: Date;
  readonly balance: bigint;
  readonly used_quota: bigint;
  readonly total_requests: bigint;
}

/** Users by their number, after `after`. */
export async function searchAccounts(
  db: Queryable,
  { text, group, status }: AccountFilter,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly AccountRow[]> {
  const { rows } = await db.query<Row>(
    `SELECT a.user_id, a.external_user_id, a.username, a.account_group, a.suspended, a.erased, a.created_at,
            coalesce(b.balance, 0) AS balance, coalesce(b.used_quota, 0) AS used_quota,
            coalesce(b.total_requests, 0) AS total_requests
     FROM ${schemaOf('accounts')}.accounts a LEFT JOIN ${schemaOf('balance')}.balances b USING (account_id)
     WHERE a.user_id > $1
       AND ($3::text IS NULL OR a.user_id::text = $3 OR starts_with(a.external_user_id, $3)
            OR strpos(lower(a.username), lower($3)) > 0)
       AND ($4::text IS NULL OR a.account_group = $4)
       AND ($5::text IS NULL OR $5 = CASE WHEN a.erased THEN 'erased' WHEN a.suspended THEN 'suspended' ELSE 'enabled' END)
     ORDER BY a.user_id LIMIT $2`,
    [after, limit, text ?? null, group ?? null, status ?? null],
  );
  return rows.map((row) => ({
    userId: Number(row.user_id),
    externalUserId: row.external_user_id,
    username: row.username,
    group: row.account_group,
    suspended: row.suspended,
    erased: row.erased,
    balance: row.balance,
    usedQuota: row.used_quota,
    totalRequests: Number(row.total_requests),
    createdAt: row.created_at,
  }));
}
