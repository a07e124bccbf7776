import { type BudgetCalendar, periodAt } from '../../domain/team/period.js';
import { isOneOf, type LedgerEvent, type LedgerEventOf, type Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';

type Charge = LedgerEventOf<'consumption-recorded' | 'consumption-corrected' | 'call-abandoned'>;

interface Key {
  readonly team_id: string;
  readonly member_id: string;
}

interface BudgetRow extends BudgetCalendar {
  readonly budget_id: string;
  readonly team_id: string;
  readonly member_id: string | null;
  readonly token_id: number | null;
  readonly quota: bigint | null;
}

/** What the events of a batch find and leave: whose keys are, and what is set, by what it is of. */
interface Standing {
  readonly keys: Map<number, Key>;
  readonly budgets: Map<string, BudgetRow>;
}

const scopeOf = ({ team_id, member_id, token_id }: BudgetRow): string =>
  token_id === null ? `${team_id} ${member_id}` : `key ${token_id}`;

/** A charge counts in the budgets that are set when it stands in the log, in the period in which its call began. */
export async function keepBudgets(
  tx: Queryable,
  schema: string,
  events: readonly LedgerEvent[],
): Promise<void> {
  const standing = await standingBefore(tx, schema, events);
  if (!standing) return;
  const assigned = new Map<number, object>();
  const set = new Map<string, object>();
  const used = new Map<string, { used: bigint; position: bigint }>();
  for (const event of events) {
    if (isOneOf(event, 'token-assigned')) {
      const { token_id, account_id: team_id, member_id } = event.data;
      standing.keys.set(token_id, { team_id, member_id });
      assigned.set(token_id, { token_id, team_id, member_id, position: event.position.toString() });
    } else if (isOneOf(event, 'budget-set')) {
      standing.budgets.set(scopeOf(budgetOf(event)), budgetOf(event));
      set.set(event.data.budget_id, rowOf(event));
    } else if (isOneOf(event, 'consumption-recorded', 'consumption-corrected', 'call-abandoned')) {
      count(used, standing, event);
    }
  }
  await writeKeys(tx, schema, [...assigned.values()]);
  await writeBudgets(tx, schema, [...set.values()]);
  await writeUsage(tx, schema, used);
}

/** Undefined where nothing of the batch is of a team: one look at a table of a few rows is all that a ledger without teams pays. */
async function standingBefore(
  tx: Queryable,
  schema: string,
  events: readonly LedgerEvent[],
): Promise<Standing | undefined> {
  const tokens = new Set<number>();
  const teams = new Set<string>();
  for (const event of events) {
    if (isOneOf(event, 'consumption-recorded', 'consumption-corrected', 'call-abandoned'))
      tokens.add(event.data.token_id);
    else if (isOneOf(event, 'token-assigned')) teams.add(event.data.account_id);
    else if (isOneOf(event, 'budget-set')) teams.add(event.data.team_id);
  }
  const keys = await readKeys(tx, schema, [...tokens]);
  for (const { team_id } of keys.values()) teams.add(team_id);
  return teams.size === 0 ? undefined : { keys, budgets: await readBudgetsOf(tx, schema, [...teams]) };
}

async function readKeys(tx: Queryable, schema: string, tokens: readonly number[]): Promise<Map<number, Key>> {
  if (tokens.length === 0) return new Map();
  const { rows } = await tx.query<Key & { readonly token_id: bigint }>(
    `SELECT token_id, team_id, member_id FROM ${schema}.team_keys WHERE token_id = ANY($1::bigint[])`,
    [tokens],
  );
  return new Map(rows.map((row) => [Number(row.token_id), row]));
}

async function readBudgetsOf(
  tx: Queryable,
  schema: string,
  teams: readonly string[],
): Promise<Map<string, BudgetRow>> {
  const { rows } = await tx.query<BudgetRow & { readonly token_id: bigint | null }>(
    `SELECT budget_id, team_id, member_id, token_id, quota, period, timezone FROM ${schema}.budgets WHERE team_id = ANY($1::uuid[])`,
    [teams],
  );
  const budgets = rows.map((row) => ({
    ...row,
    token_id: row.token_id === null ? null : Number(row.token_id),
  }));
  return new Map(budgets.map((row) => [scopeOf(row), row]));
}

function budgetOf({ data: { scope, ...data } }: LedgerEventOf<'budget-set'>): BudgetRow {
  const member_id = scope.kind === 'member' ? scope.member_id : null;
  return { ...data, member_id, token_id: scope.kind === 'key' ? scope.token_id : null };
}

function rowOf(event: LedgerEventOf<'budget-set'>): object {
  const { budget_id, team_id, member_id, token_id, quota, period, timezone } = budgetOf(event);
  return {
    ...{ budget_id, team_id, member_id, token_id, quota: quota?.toString() ?? null, period, timezone },
    ...{ set_by: event.data.by, set_at: event.recordedAt, position: event.position.toString() },
  };
}

/** What a correction moves counts in the period in which it was made: it says nothing of when its call began. */
function count(
  used: Map<string, { used: bigint; position: bigint }>,
  { keys, budgets }: Standing,
  event: Charge,
): void {
  const { token_id } = event.data;
  const key = keys.get(token_id);
  if (!key) return;
  const quota = event.type === 'consumption-corrected' ? event.data.difference : event.data.quota;
  const at =
    event.type === 'consumption-corrected' ? event.recordedAt.getTime() : Date.parse(event.data.started_at);
  for (const scope of [`${key.team_id} ${key.member_id}`, `key ${token_id}`]) {
    const budget = budgets.get(scope);
    if (!budget || budget.quota === null) continue;
    const place = `${budget.budget_id} ${periodAt(budget, at).name}`;
    used.set(place, { used: (used.get(place)?.used ?? 0n) + quota, position: event.position });
  }
}

async function writeKeys(tx: Queryable, schema: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.team_keys (token_id, team_id, member_id, position)
     SELECT * FROM json_to_recordset($1) AS row (token_id bigint, team_id uuid, member_id uuid, position bigint)
     ON CONFLICT (token_id) DO UPDATE SET team_id = excluded.team_id, member_id = excluded.member_id, position = excluded.position`,
    [jsonRows(rows)],
  );
}

async function writeBudgets(tx: Queryable, schema: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.budgets (budget_id, team_id, member_id, token_id, quota, period, timezone, set_by, set_at, position)
     SELECT * FROM json_to_recordset($1) AS row (budget_id uuid, team_id uuid, member_id uuid, token_id bigint, quota bigint, period text,
                                                 timezone text, set_by text, set_at timestamptz, position bigint)
     ON CONFLICT (budget_id) DO UPDATE SET quota = excluded.quota, period = excluded.period, timezone = excluded.timezone,
       set_by = excluded.set_by, set_at = excluded.set_at, position = excluded.position`,
    [jsonRows(rows)],
  );
}

async function writeUsage(
  tx: Queryable,
  schema: string,
  used: ReadonlyMap<string, { readonly used: bigint; readonly position: bigint }>,
): Promise<void> {
  if (used.size === 0) return;
  const rows = [...used].map(([place, { used: used_quota, position }]) => {
    const [budget_id, period] = place.split(' ');
    return { budget_id, period, used_quota: used_quota.toString(), position: position.toString() };
  });
  await tx.query(
    `INSERT INTO ${schema}.budget_usage AS b (budget_id, period, used_quota, position)
     SELECT * FROM json_to_recordset($1) AS row (budget_id uuid, period text, used_quota bigint, position bigint)
     ON CONFLICT (budget_id, period) DO UPDATE SET used_quota = b.used_quota + excluded.used_quota, position = excluded.position`,
    [jsonRows(rows)],
  );
}
