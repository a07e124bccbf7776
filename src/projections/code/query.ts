import type { CodeTerms } from '../../domain/code/state.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { withWhatIsBehind } from '../runtime/behind-tables.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import { codes } from './projector.js';

const [BATCHES, CODES, ACCOUNTS] = [
  `${schemaOf('codes')}.code_batches`,
  `${schemaOf('codes')}.codes`,
  `${schemaOf('accounts')}.accounts`,
];

/** Codes that each give the same. */
export interface CodeBatchView {
  readonly batchId: string;
  readonly name: string;
  readonly codes: number;
  /** What each of them gives. */
  readonly quota: bigint;
  readonly endsAt: Date;
  readonly grantDays: number | null;
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly used: number;
  /** One by one. */
  readonly voided: number;
  readonly voidedAt: Date | null;
  readonly voidedBy: string | null;
  readonly voidedBecause: string | null;
  readonly position: bigint;
}

/** What became of a code. */
export interface CodeView {
  readonly batchId: string;
  readonly batchName: string;
  readonly quota: bigint;
  readonly endsAt: Date;
  readonly voidedAt: Date | null;
  readonly voidedBy: string | null;
  readonly voidedBecause: string | null;
  readonly grantId: string | null;
  readonly externalUserId: string | null;
  readonly usedAt: Date | null;
}

interface BatchRow {
  readonly batch_id: string;
  readonly name: string;
  readonly codes: number;
  readonly quota: bigint;
  readonly ends_at: Date;
  readonly grant_days: number | null;
  readonly made_by: string;
  readonly made_at: Date;
  readonly used: bigint;
  readonly voided: bigint;
  readonly voided_at: Date | null;
  readonly voided_by: string | null;
  readonly voided_because: string | null;
  readonly position: bigint;
}

const SELECT = `SELECT b.*,
    (SELECT count(*) FROM ${CODES} c WHERE c.batch_id = b.batch_id AND c.grant_id IS NOT NULL) AS used,
    (SELECT count(*) FROM ${CODES} c WHERE c.batch_id = b.batch_id AND c.voided_at IS NOT NULL) AS voided
  FROM ${BATCHES} b`;

/** Whether there are codes that somebody may have been given, and could use. */
export async function areCodesOpen(db: Queryable, now: Date): Promise<boolean> {
  const { rows } = await db.query<{ are_open: boolean }>(
    `SELECT EXISTS (SELECT FROM ${BATCHES} WHERE voided_at IS NULL AND ends_at > $1) AS are_open`,
    [now],
  );
  return rows[0]?.are_open === true;
}

/** The newest first. `before`: a place of the log. */
export async function listCodeBatches(
  db: Queryable,
  { before, limit }: { readonly before?: bigint | undefined; readonly limit: number },
): Promise<readonly CodeBatchView[]> {
  const { rows } = await db.query<BatchRow>(
    `${SELECT} WHERE $1::bigint IS NULL OR b.position < $1 ORDER BY b.position DESC LIMIT $2`,
    [before ?? null, limit],
  );
  return rows.map(viewOf);
}

/** Counted up to `most` and one. */
export async function countCodeBatches(db: Queryable, most: number): Promise<number> {
  const { rows } = await db.query<{ batches: bigint }>(
    `SELECT count(*) AS batches FROM (SELECT FROM ${BATCHES} LIMIT $1) found`,
    [most + 1],
  );
  return Number(rows[0]?.batches ?? 0);
}

export async function findCodeBatch(db: Queryable, batchId: string): Promise<CodeBatchView | undefined> {
  const { rows } = await db.query<BatchRow>(`${SELECT} WHERE b.batch_id = $1`, [batchId]);
  return rows[0] && viewOf(rows[0]);
}

export async function findCode(db: Queryable, codeHash: string): Promise<CodeView | undefined> {
  const { rows } = await db.query<CodeView>(
    `SELECT c.batch_id AS "batchId", b.name AS "batchName", b.quota, b.ends_at AS "endsAt",
            coalesce(c.voided_at, b.voided_at) AS "voidedAt", coalesce(c.voided_by, b.voided_by) AS "voidedBy",
            coalesce(c.voided_because, b.voided_because) AS "voidedBecause", c.grant_id AS "grantId",
            a.external_user_id AS "externalUserId", c.used_at AS "usedAt"
     FROM ${CODES} c JOIN ${BATCHES} b USING (batch_id) LEFT JOIN ${ACCOUNTS} a ON a.account_id = c.account_id WHERE c.code_hash = $1`,
    [codeHash],
  );
  return rows[0];
}

interface Known {
  readonly batchId: string;
  /** Undefined where only the log has it yet. */
  readonly inTables:
    | {
        readonly terms: Pick<CodeTerms, 'name' | 'quota' | 'ends_at' | 'grant_days'>;
        /** The batch, or the code itself. */
        readonly isVoided: boolean;
        /** Of the batch's stream. */
        readonly revision: bigint;
      }
    | undefined;
}

/** What there is to know of a code before it is used, however far the tables are behind. */
export async function knownCode(
  db: Queryable,
  store: Pick<EventStore, 'readAll'>,
  codeHash: string,
): Promise<Known | undefined> {
  const all = withWhatIsBehind<Known>({ db, store }, codes, () => inTables(db, codeHash), {
    type: 'code-batch-filled',
    found: ({ type, data }) =>
      type === 'code-batch-filled' && data.hashes.includes(codeHash)
        ? [{ batchId: data.batch_id, inTables: undefined }]
        : [],
  });
  for await (const known of all) return known;
  return undefined;
}

async function inTables(db: Queryable, codeHash: string): Promise<readonly Known[]> {
  const { rows } = await db.query<{
    batch_id: string;
    name: string;
    quota: bigint;
    ends_at: Date;
    grant_days: number | null;
    voided: boolean;
    revision: bigint;
  }>(
    `SELECT batch_id, name, quota, ends_at, grant_days, revision, (c.voided_at IS NOT NULL OR b.voided_at IS NOT NULL) AS voided
     FROM ${CODES} c JOIN ${BATCHES} b USING (batch_id) WHERE c.code_hash = $1`,
    [codeHash],
  );
  return rows.map(({ batch_id, ends_at, voided, revision, ...terms }) => ({
    batchId: batch_id,
    inTables: { terms: { ...terms, ends_at: ends_at.toISOString() }, isVoided: voided, revision },
  }));
}

const viewOf = (row: BatchRow): CodeBatchView => ({
  batchId: row.batch_id,
  name: row.name,
  codes: row.codes,
  quota: row.quota,
  endsAt: row.ends_at,
  grantDays: row.grant_days,
  madeBy: row.made_by,
  madeAt: row.made_at,
  used: Number(row.used),
  voided: Number(row.voided),
  voidedAt: row.voided_at,
  voidedBy: row.voided_by,
  voidedBecause: row.voided_because,
  position: row.position,
});
