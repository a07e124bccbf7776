import type { AccountRow } from './view.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import { contains, scan } from '../runtime/scan.js';

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

interface Page {
  readonly after: number;
  readonly limit: number;
}

/** Users by their number, after `after`. */
export async function searchAccounts(
  db: Queryable,
  { text, ...filter }: AccountFilter,
  page: Page,
): Promise<readonly AccountRow[]> {
  const read = (some: Page) => listAccounts(db, filter, some);
  if (text === undefined) return read(page);
  const matches = ({ userId, externalUserId, username }: AccountRow): boolean =>
    userId.toString() === text || externalUserId.startsWith(text) || contains(username, text);
  return scan(read, ({ userId }) => userId, matches, page);
}

/** As texts of their own: of the few that are out of use there are indexes. */
const isOf = {
  enabled: 'NOT a.suspended AND NOT a.erased',
  suspended: 'a.suspended AND NOT a.erased',
  erased: 'a.erased',
} as const;

async function listAccounts(
  db: Queryable,
  { group, status }: Omit<AccountFilter, 'text'>,
  { after, limit }: Page,
): Promise<readonly AccountRow[]> {
  const { rows } = await db.query<Row>(
    `SELECT a.user_id, a.external_user_id, a.username, a.account_group, a.suspended, a.erased, a.created_at,
            coalesce(b.balance, 0) AS balance, coalesce(b.used_quota, 0) AS used_quota,
            coalesce(b.total_requests, 0) AS total_requests
     FROM ${schemaOf('accounts')}.accounts a LEFT JOIN ${schemaOf('balance')}.balances b USING (account_id)
     WHERE a.user_id > $1
       AND ($3::text IS NULL OR a.account_group = $3)
       AND ${status === undefined ? 'true' : isOf[status]}
     ORDER BY a.user_id LIMIT $2`,
    [after, limit, group ?? null],
  );
  return rows.map((row) => ({
    userId: Number(row.user_id),
    externalUserId: row.external_user_id,
    username: row.erased ? '' : row.username,
    group: row.account_group,
    suspended: row.suspended,
    erased: row.erased,
    balance: row.balance,
    usedQuota: row.used_quota,
    totalRequests: Number(row.total_requests),
    createdAt: row.created_at,
  }));
}
