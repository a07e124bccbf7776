import type { PersonalData } from '../../domain/account/personal-data.js';
import { type Sealed, sealedField } from '../../domain/stored/fields.js';
import type { AccountView } from './view.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

/** Opens a person's sealed data; undefined once the person was erased. */
export type OpenPersonal = (sealed: Sealed) => Promise<PersonalData | undefined>;

interface Row {
  readonly account_id: string;
  readonly user_id: bigint;
  readonly external_user_id: string;
  readonly username: string;
  readonly login_type: string;
  readonly aff_code: string;
  readonly account_group: string;
  readonly suspended: boolean;
  readonly erased: boolean;
  readonly personal: unknown;
  readonly created_at: Date;
  readonly balance: bigint;
  readonly used_quota: bigint;
  readonly total_requests: bigint;
}

/** The account and its money, in one snapshot. */
export async function findAccount(
  db: Queryable,
  openPersonal: OpenPersonal,
  externalUserId: string,
): Promise<AccountView | undefined> {
  const { rows } = await db.query<Row>(
    `SELECT a.account_id, a.user_id, a.external_user_id, a.username, a.login_type, a.aff_code, a.account_group, a.suspended, a.erased,
            a.personal, a.created_at, coalesce(b.balance, 0) AS balance, coalesce(b.used_quota, 0) AS used_quota,
            coalesce(b.total_requests, 0) AS total_requests
     FROM ${schemaOf('accounts')}.accounts a LEFT JOIN ${schemaOf('balance')}.balances b USING (account_id)
     WHERE a.external_user_id = $1`,
    [externalUserId],
  );
  const [row] = rows;
  if (!row) return undefined;
  return {
    accountId: row.account_id,
    userId: Number(row.user_id),
    externalUserId: row.external_user_id,
    username: row.erased ? '' : row.username,
    loginType: row.login_type,
    affCode: row.erased ? '' : row.aff_code,
    group: row.account_group,
    suspended: row.suspended,
    erased: row.erased,
    personal: row.erased ? undefined : await openPersonal(sealedField.parse(row.personal)),
    balance: row.balance,
    usedQuota: row.used_quota,
    totalRequests: Number(row.total_requests),
    createdAt: row.created_at,
  };
}

/** What the account is called; undefined where there is none. */
export async function usernameOf(db: Queryable, accountId: string): Promise<string | undefined> {
  const { rows } = await db.query<Pick<Row, 'username'>>(
    `SELECT username FROM ${schemaOf('accounts')}.accounts WHERE account_id = $1`,
    [accountId],
  );
  return rows[0]?.username;
}
