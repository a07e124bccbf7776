import { tokenLimits, type TokenLimits } from '../../domain/token/events.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import { contains, scan } from '../runtime/scan.js';

/** An access key as an operator sees it: never the key. */
export interface KeyRow {
  readonly tokenId: number;
  readonly tokenName: string;
  readonly keyMask: string;
  readonly disabled: boolean;
  readonly revoked: boolean;
  readonly limits: TokenLimits;
  readonly usedQuota: bigint;
  readonly issuedAt: Date;
  readonly userId: number;
  readonly externalUserId: string;
  readonly username: string;
}

export interface KeyFilter {
  readonly tokenId?: number | undefined;
  /** A part of the mask or the name. */
  readonly text?: string | undefined;
  readonly externalUserId?: string | undefined;
  readonly status?: 'enabled' | 'disabled' | 'revoked' | undefined;
}

interface Row {
  readonly token_id: bigint;
  readonly token_name: string;
  readonly key_mask: string;
  readonly disabled: boolean;
  readonly revoked: boolean;
  readonly limits: unknown;
  readonly used_quota: bigint;
  readonly issued_at: Date;
  readonly user_id: bigint;
  readonly external_user_id: string;
  readonly username: string;
}

interface Page {
  readonly after: number;
  readonly limit: number;
}

/** Access keys of all users by their number, after `after`; revoked ones too. */
export async function searchKeys(
  db: Queryable,
  { text, ...filter }: KeyFilter,
  page: Page,
): Promise<readonly KeyRow[]> {
  const read = (some: Page) => listKeys(db, filter, some);
  if (text === undefined) return read(page);
  const matches = ({ keyMask, tokenName }: KeyRow): boolean =>
    contains(keyMask, text) || contains(tokenName, text);
  return scan(read, ({ tokenId }) => tokenId, matches, page);
}

/** As texts of their own: of the few that are out of use there are indexes. */
const isOf = {
  enabled: 'NOT t.revoked AND NOT t.disabled',
  disabled: 't.disabled AND NOT t.revoked',
  revoked: 't.revoked',
} as const;

async function listKeys(
  db: Queryable,
  { tokenId, externalUserId, status }: Omit<KeyFilter, 'text'>,
  { after, limit }: Page,
): Promise<readonly KeyRow[]> {
  const { rows } = await db.query<Row>(
    `SELECT t.token_id, t.token_name, t.key_mask, t.disabled, t.revoked, t.limits, t.issued_at,
            coalesce(u.used_quota, 0) AS used_quota, a.user_id, a.external_user_id, a.username
     FROM ${schemaOf('tokens')}.tokens t
     JOIN ${schemaOf('accounts')}.accounts a USING (account_id)
     LEFT JOIN ${schemaOf('balance')}.token_usage u USING (token_id)
     WHERE t.token_id > $1
       AND ($3::bigint IS NULL OR t.token_id = $3)
       AND ($4::text IS NULL OR a.external_user_id = $4)
       AND ${status === undefined ? 'true' : isOf[status]}
     ORDER BY t.token_id LIMIT $2`,
    [after, limit, tokenId ?? null, externalUserId ?? null],
  );
  return rows.map((row) => ({
    tokenId: Number(row.token_id),
    tokenName: row.token_name,
    keyMask: row.key_mask,
    disabled: row.disabled,
    revoked: row.revoked,
    limits: tokenLimits.parse(row.limits),
    usedQuota: row.used_quota,
    issuedAt: row.issued_at,
    userId: Number(row.user_id),
    externalUserId: row.external_user_id,
    username: row.username,
  }));
}
