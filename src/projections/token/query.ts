import { tokenLimits } from '../../domain/token/events.js';
import { opened } from '../../support/opened.js';
import type { OpenTexts } from '../../support/personal-data-vault.js';
import type { AccessKeyView, TokenView } from '../read-models.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

/** What `COLUMNS` answer. */
export interface TokenRow {
  readonly token_id: bigint;
  readonly account_id: string;
  readonly token_name: string;
  readonly key_mask: string;
  readonly disabled: boolean;
  readonly limits: unknown;
  readonly used_quota: bigint;
}

interface AccessKeyRow extends TokenRow {
  readonly revoked: boolean;
  readonly revision: bigint;
  readonly user_id: bigint;
  readonly account_group: string;
  readonly suspended: boolean;
  readonly erased: boolean;
  readonly account_revision: bigint;
}

export const COLUMNS = `t.token_id, t.account_id, t.token_name, t.key_mask, t.disabled, t.limits, coalesce(u.used_quota, 0) AS used_quota`;
/** `t`, and as `u` what they have used. */
export const TOKENS = `${schemaOf('tokens')}.tokens t LEFT JOIN ${schemaOf('balance')}.token_usage u USING (token_id)`;

/** All that are not revoked, by id. */
export async function listTokens(db: Queryable, accountId: string): Promise<readonly TokenView[]> {
  const { rows } = await db.query<TokenRow>(
    `SELECT ${COLUMNS} FROM ${TOKENS} WHERE t.account_id = $1 AND NOT t.revoked ORDER BY t.token_id`,
    [accountId],
  );
  return rows.map(tokenView);
}

/** The key with this hash, a revoked one too; a rotated key's old hash finds nothing. Its name is left sealed: calls have no use for it. */
export async function findAccessKey(
  db: Queryable,
  open: OpenTexts,
  keyHash: string,
): Promise<AccessKeyView | undefined> {
  const { rows } = await db.query<AccessKeyRow>(
    `SELECT ${COLUMNS}, t.revoked, t.revision, a.user_id, a.account_group, a.suspended, a.erased, a.revision AS account_revision
     FROM ${TOKENS} JOIN ${schemaOf('accounts')}.accounts a ON a.account_id = t.account_id
     WHERE t.key_hash = $1`,
    [keyHash],
  );
  const [row] = rows;
  if (!row) return undefined;
  return {
    ...tokenView({ ...row, limits: await opened(open, row.limits) }),
    revoked: row.revoked,
    userId: Number(row.user_id),
    accountGroup: row.account_group,
    accountSuspended: row.suspended,
    accountErased: row.erased,
    tokenRevision: row.revision,
    accountRevision: row.account_revision,
  };
}

export const tokenView = (row: TokenRow): TokenView => ({
  tokenId: Number(row.token_id),
  accountId: row.account_id,
  tokenName: row.token_name,
  keyMask: row.key_mask,
  disabled: row.disabled,
  limits: tokenLimits.parse(row.limits),
  usedQuota: row.used_quota,
});
