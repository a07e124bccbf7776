import { isOneOf, type LedgerEvent, type Projection, type Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { keepBudgets } from './keep-budgets.js';
import { ddl } from './table.js';

/** Teams, their members, whose each key is, and what was spent of each budget by period. */
export const teams: Projection = {
  name: 'teams',
  group: 'ledger',
  version: '1',
  tables: ['teams', 'team_members', 'team_keys', 'budgets', 'budget_usage'],
  handles: [
    'team-created',
    'team-member-added',
    'team-member-removed',
    'budget-set',
    'token-assigned',
    'consumption-recorded',
    'consumption-corrected',
    'call-abandoned',
  ],
  ddl,
  async apply(tx, schema, events) {
    await createTeams(tx, schema, events);
    await keepMembers(tx, schema, events);
    await follow(tx, schema, events);
    await keepBudgets(tx, schema, events);
  },
};

async function createTeams(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows = events
    .filter((event) => isOneOf(event, 'team-created'))
    .map(({ data: { by: _by, ...data }, position, recordedAt: created_at }) => ({
      ...data,
      ...{ created_at, position: position.toString() },
    }));
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.teams (team_id, user_id, team_name, created_at, revision, position)
     SELECT team_id, user_id, team_name, created_at, 0, position
     FROM json_to_recordset($1) AS row (team_id uuid, user_id bigint, team_name text, created_at timestamptz, position bigint)`,
    [jsonRows(rows)],
  );
}

interface Member {
  readonly team_id: string;
  readonly member_id: string;
  readonly user_id: number | null;
  readonly added_at: Date | null;
  readonly removed_at: Date | null;
  readonly position: string | null;
}

/** As the batch leaves each of them; of one who was only removed the row is there. */
async function keepMembers(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const members = new Map<string, Member>();
  for (const event of events) {
    if (!isOneOf(event, 'team-member-added', 'team-member-removed')) continue;
    const { team_id, member_id } = event.data;
    const key = `${team_id} ${member_id}`;
    members.set(
      key,
      event.type === 'team-member-added'
        ? {
            ...{ team_id, member_id, user_id: event.data.user_id, added_at: event.recordedAt },
            ...{ removed_at: null, position: event.position.toString() },
          }
        : {
            ...{ team_id, member_id, user_id: null, added_at: null, position: null },
            ...members.get(key),
            removed_at: event.recordedAt,
          },
    );
  }
  const rows = [...members.values()];
  await addMembers(
    tx,
    schema,
    rows.filter(({ added_at }) => added_at !== null),
  );
  await removeMembers(
    tx,
    schema,
    rows.filter(({ added_at }) => added_at === null),
  );
}

const COLUMNS =
  'team_id uuid, member_id uuid, user_id bigint, added_at timestamptz, removed_at timestamptz, position bigint';

async function addMembers(tx: Queryable, schema: string, rows: readonly Member[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.team_members (team_id, member_id, user_id, added_at, removed_at, position)
     SELECT * FROM json_to_recordset($1) AS row (${COLUMNS})
     ON CONFLICT (team_id, member_id) DO UPDATE SET user_id = excluded.user_id, added_at = excluded.added_at,
       removed_at = excluded.removed_at, position = excluded.position`,
    [jsonRows(rows)],
  );
}

async function removeMembers(tx: Queryable, schema: string, rows: readonly Member[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `UPDATE ${schema}.team_members m SET removed_at = row.removed_at
     FROM json_to_recordset($1) AS row (${COLUMNS}) WHERE m.team_id = row.team_id AND m.member_id = row.member_id`,
    [jsonRows(rows)],
  );
}

/** How far the stream of each team was read. */
async function follow(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const revisions = new Map<string, bigint>();
  for (const event of events)
    if (isOneOf(event, 'team-created', 'team-member-added', 'team-member-removed', 'budget-set'))
      revisions.set(event.data.team_id, event.revision);
  if (revisions.size === 0) return;
  const rows = [...revisions].map(([team_id, revision]) => ({ team_id, revision: revision.toString() }));
  await tx.query(
    `UPDATE ${schema}.teams t SET revision = row.revision
     FROM json_to_recordset($1) AS row (team_id uuid, revision bigint) WHERE t.team_id = row.team_id`,
    [jsonRows(rows)],
  );
}
