import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import { storableText } from '../../projections/runtime/rows.js';
import { AuditRefused } from './faults.js';

/** Whose figure it is. Names are of the front end's choice; personal data is not opened for audits. */
export interface Owner {
  readonly external_user_id: string;
  readonly user_id: number;
  readonly account_id: string;
}

interface OwnerRow extends Omit<Owner, 'user_id'> {
  readonly user_id: bigint;
}

const ACCOUNTS = `SELECT external_user_id, user_id, account_id FROM ${schemaOf('accounts')}.accounts`;

/** @throws AuditRefused `account_not_found` */
export async function findOwner(tx: Queryable, externalUserId: string): Promise<Owner> {
  const { rows } = await tx.query<OwnerRow>(`${ACCOUNTS} WHERE external_user_id = $1`, [
    storableText(externalUserId),
  ]);
  const [row] = rows;
  if (!row) throw new AuditRefused('account_not_found', `there is no user ${externalUserId}`);
  return { ...row, user_id: Number(row.user_id) };
}

/** Owners of accounts, by account id. */
export async function ownersOf(
  tx: Queryable,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, Owner>> {
  const { rows } = await tx.query<OwnerRow>(`${ACCOUNTS} WHERE account_id = ANY($1::uuid[])`, [accountIds]);
  return new Map(rows.map((row) => [row.account_id, { ...row, user_id: Number(row.user_id) }]));
}

/** Up to and including a position or an instant of the log. */
export type Until = { readonly position: bigint } | { readonly at: Date };

/**
 * An account's balance by the journal, and the position of the last entry in it (undefined before the first). Reads the account's own
 * entries only.
 */
export async function journalBalance(
  tx: Queryable,
  accountId: string,
  until: Until,
): Promise<{ readonly balance: bigint; readonly last: bigint | undefined }> {
  const [column, bound] = 'at' in until ? ['recorded_at', until.at] : ['position', until.position];
  const { rows } = await tx.query<{ balance: string; last: bigint | null }>(
    `SELECT -coalesce(sum(user_amount), 0) AS balance, max(position) AS last
     FROM ${schemaOf('journal')}.entries
     WHERE account_id = $1 AND ${column} <= $2`,
    [accountId, bound],
  );
  return { balance: BigInt(rows[0]?.balance ?? 0), last: rows[0]?.last ?? undefined };
}

/** A row of the history with the place of its event. */
export interface HistoryRow {
  readonly position: bigint;
  readonly recorded_at: Date;
  readonly account_id: string;
  readonly type: string;
  readonly reference: string;
  readonly stream: string;
  readonly revision: bigint;
}

const HISTORY = `SELECT position, recorded_at, account_id, type, reference, stream, revision
                 FROM ${schemaOf('usage-log')}.log_rows`;

/** The row of the event at a position. */
export async function historyRowAt(tx: Queryable, position: bigint): Promise<HistoryRow | undefined> {
  const { rows } = await tx.query<HistoryRow>(`${HISTORY} WHERE position = $1`, [position]);
  return rows[0];
}

/**
 * Rows about the ids, in log order: calls (with their corrections), payments, refunds, adjustments; of calls also by request id. Of one
 * account, where it is named.
 */
export async function historyRowsOf(
  tx: Queryable,
  ids: readonly string[],
  limit: number,
  accountId?: string,
): Promise<readonly HistoryRow[]> {
  const { rows } = await tx.query<HistoryRow>(
    `SELECT * FROM (${HISTORY} WHERE reference = ANY($1) UNION ${HISTORY} WHERE request_id = ANY($1)) found
     WHERE $3::uuid IS NULL OR account_id = $3 ORDER BY position LIMIT $2`,
    [ids.map(storableText), limit, accountId ?? null],
  );
  return rows;
}
