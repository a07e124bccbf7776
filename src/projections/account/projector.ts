import type { Sealed } from '../../domain/stored/fields.js';
import { Patches } from '../runtime/patches.js';
import type { LedgerEvent, Projection, Queryable } from '../runtime/projection.js';
import { assertRows, jsonRows } from '../runtime/rows.js';
import { ddl, indexes } from './table.js';

interface AccountRow {
  readonly account_id: string;
  readonly user_id: number;
  readonly external_user_id: string;
  readonly username: string;
  readonly login_type: string;
  readonly aff_code: string;
  readonly account_group: string;
  readonly suspended: boolean;
  readonly erased: boolean;
  readonly personal: Sealed;
  readonly created_at: Date;
  readonly revision: string;
}

/** Who the users are. Money is the balance projection's. */
export const accounts: Projection = {
  name: 'accounts',
  group: 'ledger',
  version: '1',
  tables: ['accounts'],
  handles: [
    'account-registered',
    'account-profile-updated',
    'account-suspended',
    'account-reinstated',
    'account-group-changed',
    'account-erased',
  ],
  ddl,
  indexes,
  async apply(tx, schema, events) {
    const patches = new Patches<AccountRow>();
    for (const event of events) fold(patches, event);
    await insert(tx, schema, patches.created());
    await update(tx, schema, patches.changed());
  },
};

function fold(patches: Patches<AccountRow>, event: LedgerEvent): void {
  const revision = event.revision.toString();
  switch (event.type) {
    case 'account-registered': {
      const { account_id, group, ...profile } = event.data;
      const row = { account_id, ...profile, account_group: group, suspended: false, erased: false };
      return patches.create(account_id, { ...row, created_at: event.recordedAt, revision });
    }
    case 'account-profile-updated': {
      const { account_id, username, login_type, aff_code, personal } = event.data;
      return patches.change(account_id, {
        account_id,
        ...(username === undefined ? {} : { username }),
        ...(login_type === undefined ? {} : { login_type }),
        ...(aff_code === undefined ? {} : { aff_code }),
        ...(personal === undefined ? {} : { personal }),
        revision,
      });
    }
    case 'account-suspended':
    case 'account-reinstated': {
      const { account_id } = event.data;
      const suspended = event.type === 'account-suspended';
      return patches.change(account_id, { account_id, suspended, revision });
    }
    case 'account-group-changed': {
      const { account_id, group } = event.data;
      return patches.change(account_id, { account_id, account_group: group, revision });
    }
    case 'account-erased': {
      const { account_id } = event.data;
      return patches.change(account_id, { account_id, erased: true, revision });
    }
    default:
  }
}

const COLUMNS = `account_id uuid, user_id bigint, external_user_id text, username text, login_type text, aff_code text,
  account_group text, suspended boolean, erased boolean, personal jsonb, created_at timestamptz, revision bigint`;

async function insert(tx: Queryable, schema: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.accounts
     SELECT account_id, user_id, external_user_id, username, login_type, aff_code, account_group, suspended, erased, personal,
            created_at, revision
     FROM json_to_recordset($1) AS row (${COLUMNS})`,
    [jsonRows(rows)],
  );
}

async function update(tx: Queryable, schema: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const { rowCount } = await tx.query(
    `UPDATE ${schema}.accounts a
     SET username = coalesce(row.username, a.username), login_type = coalesce(row.login_type, a.login_type),
         aff_code = coalesce(row.aff_code, a.aff_code), account_group = coalesce(row.account_group, a.account_group),
         suspended = coalesce(row.suspended, a.suspended), erased = coalesce(row.erased, a.erased),
         personal = coalesce(row.personal, a.personal), revision = row.revision
     FROM json_to_recordset($1) AS row (${COLUMNS})
     WHERE a.account_id = row.account_id`,
    [jsonRows(rows)],
  );
  assertRows('accounts', rowCount, rows.length);
}
