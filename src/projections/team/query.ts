import type { BudgetScope } from '../../domain/team/events.js';
import { type BudgetPeriod, type NamedPeriod, periodAt } from '../../domain/team/period.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

const TEAMS = schemaOf('teams');
const ACCOUNTS = `${schemaOf('accounts')}.accounts`;

/** What may be spent in each period, and what was in the one that runs. */
export interface BudgetView {
  readonly budgetId: string;
  readonly kind: BudgetScope['kind'];
  readonly quota: bigint;
  readonly period: BudgetPeriod;
  readonly timezone: string;
  readonly running: NamedPeriod;
  /** In the running one. */
  readonly used: bigint;
}

export interface TeamKeyRow {
  readonly tokenId: number;
  readonly tokenName: string;
  readonly keyMask: string;
  readonly disabled: boolean;
  readonly budget: BudgetView | undefined;
}

export interface TeamMemberView {
  readonly memberId: string;
  readonly externalUserId: string;
  readonly username: string;
  readonly addedAt: Date;
  readonly budget: BudgetView | undefined;
  /** Not revoked, by number. */
  readonly keys: readonly TeamKeyRow[];
}

export interface TeamView {
  readonly teamId: string;
  readonly externalUserId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly members: readonly TeamMemberView[];
}

/** A team as a list shows it. */
export interface TeamRow extends Omit<TeamView, 'members'> {
  readonly members: number;
  readonly position: bigint;
}

interface TeamSql {
  readonly team_id: string;
  readonly external_user_id: string;
  readonly team_name: string;
  readonly created_at: Date;
  readonly members: bigint;
  readonly position: bigint;
}

const teamOf = (row: TeamSql): TeamRow => ({
  teamId: row.team_id,
  externalUserId: row.external_user_id,
  name: row.team_name,
  createdAt: row.created_at,
  members: Number(row.members),
  position: row.position,
});

/** By the newest. `before`: a place of the log. */
export async function listTeams(
  db: Queryable,
  { before, limit }: { readonly before?: bigint | undefined; readonly limit: number },
): Promise<readonly TeamRow[]> {
  const { rows } = await db.query<TeamSql>(
    `SELECT t.team_id, a.external_user_id, t.team_name, t.created_at, t.position,
       (SELECT count(*) FROM ${TEAMS}.team_members m WHERE m.team_id = t.team_id AND m.removed_at IS NULL) AS members
     FROM ${TEAMS}.teams t JOIN ${ACCOUNTS} a ON a.account_id = t.team_id
     WHERE $1::bigint IS NULL OR t.position < $1 ORDER BY t.position DESC LIMIT $2`,
    [before ?? null, limit],
  );
  return rows.map(teamOf);
}

/** Counted up to `most` and one. */
export async function countTeams(db: Queryable, most: number): Promise<number> {
  const { rows } = await db.query<{ teams: bigint }>(
    `SELECT count(*) AS teams FROM (SELECT FROM ${TEAMS}.teams LIMIT $1) found`,
    [most + 1],
  );
  return Number(rows[0]?.teams ?? 0);
}

/** Of an account; what was spent is that of the periods at `now`. @param memberId of one member alone */
export async function findTeam(
  db: Queryable,
  teamId: string,
  now: Date,
  memberId?: string,
): Promise<TeamView | undefined> {
  const { rows } = await db.query<TeamSql>(
    `SELECT t.team_id, a.external_user_id, t.team_name, t.created_at, t.position, 0 AS members
     FROM ${TEAMS}.teams t JOIN ${ACCOUNTS} a ON a.account_id = t.team_id WHERE t.team_id = $1`,
    [teamId],
  );
  const [row] = rows;
  if (!row) return undefined;
  const [members, keys, budgets] = await Promise.all([
    readMembers(db, teamId, memberId),
    readKeys(db, teamId, memberId),
    readBudgets(db, teamId, now),
  ]);
  const { position: _position, ...team } = teamOf(row);
  return {
    ...team,
    members: members.map((member) => ({
      ...member,
      budget: budgets.get(`member ${member.memberId}`),
      keys: keys
        .filter((key) => key.memberId === member.memberId)
        .map(({ memberId: _memberId, ...key }) => ({ ...key, budget: budgets.get(`key ${key.tokenId}`) })),
    })),
  };
}

/** The teams that somebody is a member of, each with what concerns them alone. */
export async function teamsOfMember(
  db: Queryable,
  memberId: string,
  now: Date,
): Promise<readonly TeamView[]> {
  const { rows } = await db.query<{ team_id: string }>(
    `SELECT team_id FROM ${TEAMS}.team_members WHERE member_id = $1 AND removed_at IS NULL ORDER BY position LIMIT 100`,
    [memberId],
  );
  const teams = await Promise.all(rows.map(({ team_id }) => findTeam(db, team_id, now, memberId)));
  return teams.filter((team) => team !== undefined);
}

async function readMembers(db: Queryable, teamId: string, memberId: string | undefined) {
  const { rows } = await db.query<{
    readonly member_id: string;
    readonly external_user_id: string;
    readonly username: string;
    readonly added_at: Date;
  }>(
    `SELECT m.member_id, a.external_user_id, a.username, m.added_at
     FROM ${TEAMS}.team_members m JOIN ${ACCOUNTS} a ON a.account_id = m.member_id
     WHERE m.team_id = $1 AND m.removed_at IS NULL AND ($2::uuid IS NULL OR m.member_id = $2) ORDER BY m.position`,
    [teamId, memberId ?? null],
  );
  return rows.map((row) => ({
    memberId: row.member_id,
    externalUserId: row.external_user_id,
    username: row.username,
    addedAt: row.added_at,
  }));
}

async function readKeys(db: Queryable, teamId: string, memberId: string | undefined) {
  const { rows } = await db.query<{
    readonly token_id: bigint;
    readonly member_id: string;
    readonly token_name: string;
    readonly key_mask: string;
    readonly disabled: boolean;
  }>(
    `SELECT k.token_id, k.member_id, t.token_name, t.key_mask, t.disabled
     FROM ${TEAMS}.team_keys k JOIN ${schemaOf('tokens')}.tokens t USING (token_id)
     WHERE k.team_id = $1 AND NOT t.revoked AND ($2::uuid IS NULL OR k.member_id = $2) ORDER BY k.token_id`,
    [teamId, memberId ?? null],
  );
  return rows.map((row) => ({
    tokenId: Number(row.token_id),
    memberId: row.member_id,
    tokenName: row.token_name,
    keyMask: row.key_mask,
    disabled: row.disabled,
  }));
}

interface BudgetSql {
  readonly budget_id: string;
  readonly member_id: string | null;
  readonly token_id: bigint | null;
  readonly quota: bigint;
  readonly period: BudgetPeriod;
  readonly timezone: string;
}

/** Those in force, by what they are of. */
async function readBudgets(
  db: Queryable,
  teamId: string,
  now: Date,
): Promise<ReadonlyMap<string, BudgetView>> {
  const { rows } = await db.query<BudgetSql>(
    `SELECT budget_id, member_id, token_id, quota, period, timezone FROM ${TEAMS}.budgets WHERE team_id = $1 AND quota IS NOT NULL`,
    [teamId],
  );
  const running = rows.map((row) => periodAt(row, now.getTime()));
  const used = await db.query<{ readonly budget_id: string; readonly used_quota: bigint }>(
    `SELECT budget_id, used_quota FROM ${TEAMS}.budget_usage
     JOIN unnest($1::uuid[], $2::text[]) AS running (budget_id, period) USING (budget_id, period)`,
    [rows.map(({ budget_id }) => budget_id), running.map(({ name }) => name)],
  );
  const usedOf = new Map(used.rows.map((row) => [row.budget_id, row.used_quota]));
  return new Map(
    rows.map((row, index): [string, BudgetView] => {
      const kind = row.member_id === null ? 'key' : 'member';
      return [
        `${kind} ${row.member_id ?? String(row.token_id)}`,
        {
          ...{ budgetId: row.budget_id, kind, quota: row.quota, period: row.period, timezone: row.timezone },
          running: running[index] as NamedPeriod,
          used: usedOf.get(row.budget_id) ?? 0n,
        },
      ];
    }),
  );
}
