import { z } from 'zod';
import { type TokenLimits, tokenLimits } from '../../domain/token/events.js';
import { Patches } from '../runtime/patches.js';
import type { LedgerEvent, Projection, Queryable } from '../runtime/projection.js';
import { assertRows, jsonRows } from '../runtime/rows.js';
import { ddl, indexes } from './table.js';

interface TokenRow {
  readonly token_id: number;
  readonly account_id: string;
  readonly token_name: string;
  readonly key_hash: string;
  readonly key_mask: string;
  readonly disabled: boolean;
  readonly revoked: boolean;
  readonly limits: object;
  readonly quota_limit: string | null;
  readonly issued_at: Date;
  readonly revision: string;
}

/** Access keys. What they have used is the balance projection's. */
export const tokens: Projection = {
  name: 'tokens',
  group: 'ledger',
  version: '1',
  tables: ['tokens'],
  handles: [
    'token-issued',
    'token-renamed',
    'token-limits-changed',
    'token-disabled',
    'token-enabled',
    'token-rotated',
    'token-revoked',
    'token-assigned',
  ],
  ddl,
  indexes,
  async apply(tx, schema, events) {
    const patches = new Patches<TokenRow>();
    for (const event of events) fold(patches, event);
    await insert(tx, schema, patches.created());
    await update(tx, schema, patches.changed());
  },
};

const limitsOf = (limits: TokenLimits) => ({
  limits: z.encode(tokenLimits, limits),
  quota_limit: limits.quota_limit?.toString() ?? null,
});

function fold(patches: Patches<TokenRow>, event: LedgerEvent): void {
  const revision = event.revision.toString();
  const change = (token_id: number, row: Partial<TokenRow>): void =>
    patches.change(token_id, { token_id, ...row, revision });
  switch (event.type) {
    case 'token-issued': {
      const { token_id, account_id, token_name, key_hash, key_mask, limits } = event.data;
      const row = { token_id, account_id, token_name, key_hash, key_mask, ...limitsOf(limits) };
      const fresh = { disabled: false, revoked: false, issued_at: event.recordedAt, revision };
      return patches.create(token_id, { ...row, ...fresh });
    }
    case 'token-renamed':
      return change(event.data.token_id, { token_name: event.data.token_name });
    case 'token-limits-changed':
      return change(event.data.token_id, limitsOf(event.data.limits));
    case 'token-disabled':
      return change(event.data.token_id, { disabled: true });
    case 'token-enabled':
      return change(event.data.token_id, { disabled: false });
    case 'token-rotated':
      return change(event.data.token_id, { key_hash: event.data.key_hash, key_mask: event.data.key_mask });
    case 'token-revoked':
      return change(event.data.token_id, { revoked: true });
    // Whose it is have the teams; copies of it are stale all the same.
    case 'token-assigned':
      return change(event.data.token_id, {});
    default:
  }
}

const COLUMNS = `token_id bigint, account_id uuid, token_name text, key_hash text, key_mask text, disabled boolean, revoked boolean,
  limits jsonb, quota_limit bigint, issued_at timestamptz, revision bigint`;

async function insert(tx: Queryable, schema: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.tokens
     SELECT token_id, account_id, token_name, key_hash, key_mask, disabled, revoked, limits, quota_limit, issued_at, revision
     FROM json_to_recordset($1) AS row (${COLUMNS})`,
    [jsonRows(rows)],
  );
}

async function update(tx: Queryable, schema: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const { rowCount } = await tx.query(
    `UPDATE ${schema}.tokens t
     SET token_name = coalesce(row.token_name, t.token_name), key_hash = coalesce(row.key_hash, t.key_hash),
         key_mask = coalesce(row.key_mask, t.key_mask), disabled = coalesce(row.disabled, t.disabled),
         revoked = coalesce(row.revoked, t.revoked), limits = coalesce(row.limits, t.limits),
         quota_limit = CASE WHEN row.limits IS NULL THEN t.quota_limit ELSE row.quota_limit END, revision = row.revision
     FROM json_to_recordset($1) AS row (${COLUMNS})
     WHERE t.token_id = row.token_id`,
    [jsonRows(rows)],
  );
  assertRows('tokens', rowCount, rows.length);
}
