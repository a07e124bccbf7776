import { codeOfSource } from '../../domain/code/source.js';
import {
  isOneOf,
  type LedgerEvent,
  type LedgerEventOf,
  type Projection,
  type Queryable,
} from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { ddl } from './table.js';

/** Batches of codes, and of each code what became of it. That it was used says the grant whose source it is. */
export const codes: Projection = {
  name: 'codes',
  group: 'ledger',
  version: '1',
  tables: ['code_batches', 'codes'],
  handles: ['code-batch-made', 'code-batch-filled', 'code-voided', 'code-batch-voided', 'grant-given'],
  ddl,
  async apply(tx, schema, events) {
    await insertBatches(tx, schema, events);
    await insertCodes(tx, schema, events);
    const batches = events.filter((event) => isOneOf(event, 'code-batch-voided'));
    await markVoid(tx, `${schema}.code_batches`, 'batch_id uuid', batches);
    const voided = events.filter((event) => isOneOf(event, 'code-voided'));
    await markVoid(tx, `${schema}.codes`, 'code_hash text', voided);
    await follow(tx, schema, events);
    await useCodes(tx, schema, events);
  },
};

async function insertBatches(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows = events
    .filter((event) => isOneOf(event, 'code-batch-made'))
    .map(({ data: { quota, by: made_by, ...data }, position, recordedAt: made_at }) => ({
      ...data,
      ...{ quota: quota.toString(), made_by, position: position.toString(), made_at },
    }));
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.code_batches (batch_id, name, codes, quota, ends_at, grant_days, made_by, position, made_at, revision)
     SELECT row.*, 0
     FROM json_to_recordset($1) AS row (batch_id uuid, name text, codes integer, quota bigint, ends_at timestamptz, grant_days integer,
                                        made_by text, position bigint, made_at timestamptz)`,
    [jsonRows(rows)],
  );
}

async function insertCodes(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  for (const event of events) {
    if (!isOneOf(event, 'code-batch-filled')) continue;
    const { batch_id, hashes } = event.data;
    // Each has a thousand.
    await tx.query(
      `INSERT INTO ${schema}.codes (code_hash, batch_id) SELECT hash, $1 FROM unnest($2::text[]) AS hash`,
      [batch_id, hashes],
    );
  }
}

/** A batch or one of its codes: whichever key the event names. */
async function markVoid(
  tx: Queryable,
  table: string,
  key: 'batch_id uuid' | 'code_hash text',
  events: readonly LedgerEventOf<'code-batch-voided' | 'code-voided'>[],
): Promise<void> {
  if (events.length === 0) return;
  const [column] = key.split(' ');
  await tx.query(
    `UPDATE ${table} t SET voided_at = row.at, voided_by = row.by, voided_because = row.reason
     FROM json_to_recordset($1) AS row (${key}, at timestamptz, by text, reason text) WHERE t.${column} = row.${column}`,
    [jsonRows(events.map(({ data, recordedAt: at }) => ({ ...data, at })))],
  );
}

/** How far the stream of each batch was read. */
async function follow(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const revisions = new Map<string, bigint>();
  for (const event of events)
    if (isOneOf(event, 'code-batch-made', 'code-batch-filled', 'code-voided', 'code-batch-voided'))
      revisions.set(event.data.batch_id, event.revision);
  if (revisions.size === 0) return;
  const rows = [...revisions].map(([batch_id, revision]) => ({ batch_id, revision: revision.toString() }));
  await tx.query(
    `UPDATE ${schema}.code_batches b SET revision = row.revision
     FROM json_to_recordset($1) AS row (batch_id uuid, revision bigint) WHERE b.batch_id = row.batch_id`,
    [jsonRows(rows)],
  );
}

async function useCodes(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows = events.flatMap((event) => {
    const code_hash = isOneOf(event, 'grant-given') ? codeOfSource(event.data.source) : undefined;
    if (code_hash === undefined || !isOneOf(event, 'grant-given')) return [];
    const { grant_id, account_id } = event.data;
    return [{ code_hash, grant_id, account_id, used_at: event.recordedAt }];
  });
  if (rows.length === 0) return;
  await tx.query(
    `UPDATE ${schema}.codes c SET grant_id = row.grant_id, account_id = row.account_id, used_at = row.used_at
     FROM json_to_recordset($1) AS row (code_hash text, grant_id uuid, account_id uuid, used_at timestamptz)
     WHERE c.code_hash = row.code_hash`,
    [jsonRows(rows)],
  );
}
