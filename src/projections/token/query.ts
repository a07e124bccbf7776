import { tokenLimits } from '../../domain/token/events.js';
import { opened } from '../../support/opened.js';
import type { OpenTexts } from '../../support/personal-data-vault.js';
import type { AccessKeyView, TeamKeyView, TokenView } from './view.js';
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
  readonly team: {
    readonly team_id: string;
    readonly member_id: string;
    readonly gone: boolean;
    readonly suspended: boolean;
    readonly team_revision: string;
    readonly member_revision: string;
    readonly budgets: TeamKeyView['budgets'];
  } | null;
}

const TEAMS = schemaOf('teams');

/** Of a key that is a member's, whether it may be used, and what it is held against; null of all others. */
const TEAM = `(
  SELECT json_build_object(
    'team_id', k.team_id, 'member_id', k.member_id, 'gone', m.member_id IS NULL OR m.removed_at IS NOT NULL OR ma.erased,
    'suspended', ma.suspended, 'team_revision', tm.revision::text, 'member_revision', ma.revision::text,
    'budgets', coalesce((
      SELECT json_agg(json_build_object('budgetId', b.budget_id, 'kind', CASE WHEN b.token_id IS NULL THEN 'member' ELSE 'key' END,
                                        'period', b.period, 'timezone', b.timezone) ORDER BY b.token_id NULLS FIRST)
      FROM ${TEAMS}.budgets b
      WHERE b.team_id = k.team_id AND (b.member_id = k.member_id OR b.token_id = k.token_id) AND b.quota IS NOT NULL), '[]'))
  FROM ${TEAMS}.team_keys k JOIN ${TEAMS}.teams tm USING (team_id)
  JOIN ${schemaOf('accounts')}.accounts ma ON ma.account_id = k.member_id
  LEFT JOIN ${TEAMS}.team_members m ON m.team_id = k.team_id AND m.member_id = k.member_id
  WHERE k.token_id = t.token_id) AS team`;

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
    `SELECT ${COLUMNS}, t.revoked, t.revision, a.user_id, a.account_group, a.suspended, a.erased, a.revision AS account_revision,
       ${TEAM}
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
    ...(row.team && { team: teamOf(row.team) }),
  };
}

const teamOf = (team: NonNullable<AccessKeyRow['team']>): TeamKeyView => ({
  teamId: team.team_id,
  memberId: team.member_id,
  memberGone: team.gone,
  memberSuspended: team.suspended,
  teamRevision: BigInt(team.team_revision),
  memberRevision: BigInt(team.member_revision),
  budgets: team.budgets,
});

export const tokenView = (row: TokenRow): TokenView => ({
  tokenId: Number(row.token_id),
  accountId: row.account_id,
  tokenName: row.token_name,
  keyMask: row.key_mask,
  disabled: row.disabled,
  limits: tokenLimits.parse(row.limits),
  usedQuota: row.used_quota,
});
