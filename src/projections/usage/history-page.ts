import { type Queryable, schemaOf } from '../runtime/projection.js';
import {
  countedDays,
  COUNTING,
  dayConditions,
  historyConditions,
  type HistoryFilter,
  LOG,
  parameters,
} from './history-filter.js';
import type { LogRow } from './log-row.js';

/** A row of the history as operators see it. */
export interface HistoryEntry extends Omit<LogRow, 'note'> {
  readonly externalUserId: string;
  /** Null: no key was used. */
  readonly tokenId: number | null;
  /** Empty: nobody answered, or the row is of no call. */
  readonly channelId: string;
  readonly group: string;
  readonly durationMs: number | null;
  /** Why a call failed. */
  readonly code: string | null;
  /** The call, payment, refund or adjustment. */
  readonly reference: string;
}

interface Row {
  readonly position: bigint;
  readonly recorded_at: Date;
  readonly type: LogRow['type'];
  readonly external_user_id: string;
  readonly username: string;
  readonly erased: boolean;
  readonly token_id: bigint | null;
  readonly token_name: string | null;
  readonly model: string;
  readonly channel_id: string;
  readonly group_name: string;
  readonly prompt_tokens: bigint;
  readonly completion_tokens: bigint;
  readonly spend: bigint;
  readonly request_id: string | null;
  readonly reference: string;
  readonly duration_ms: bigint | null;
  readonly code: string | null;
}

interface Page {
  /** Rows before this place of the log; undefined: from the newest. */
  readonly before?: bigint | undefined;
  readonly limit: number;
}

/** Rows of the history, newest first. Names of user and key are today's, and looked up for these rows alone. */
export async function historyPage(
  db: Queryable,
  filter: HistoryFilter,
  { before, limit }: Page,
): Promise<readonly HistoryEntry[]> {
  const days = isPlain(filter) ? undefined : countedDays(filter);
  const begin = days === undefined ? undefined : await beginOfPage(db, days, filter, { before, limit });
  if (begin === null) return [];
  const { values, parameter } = parameters();
  const conditions = [...historyConditions(filter, parameter)];
  if (begin) conditions.push(`r.recorded_at >= ${parameter(begin)}::timestamptz`);
  const ofAccount = filter.accountId !== undefined || filter.tokenId !== undefined;
  if (before !== undefined) {
    const p = parameter(before);
    conditions.push(
      ofAccount
        ? `(r.recorded_at, r.position) < ((SELECT recorded_at FROM ${LOG} WHERE position = ${p}), ${p}::bigint)`
        : `r.position < ${p}`,
    );
  }
  const order = (row: string) =>
    ofAccount ? `${row}.recorded_at DESC, ${row}.position DESC` : `${row}.position DESC`;
  const { rows } = await db.query<Row>(
    `SELECT l.*, a.external_user_id, a.username, a.erased, t.token_name
     FROM (SELECT r.position, r.recorded_at FROM ${LOG} r WHERE ${['true', ...conditions].join(' AND ')}
           ORDER BY ${order('r')} LIMIT ${parameter(limit)}) page
     JOIN ${LOG} l USING (position, recorded_at)
     JOIN ${schemaOf('accounts')}.accounts a USING (account_id)
     LEFT JOIN ${schemaOf('tokens')}.tokens t ON t.token_id = l.token_id
     ORDER BY ${order('l')}`,
    values,
  );
  return rows.map(entryOf);
}

/** Whether every row of an account is wanted: its index has them in their order. */
const isPlain = ({ accountId, tokenId, type, model }: HistoryFilter): boolean =>
  accountId !== undefined && tokenId === undefined && type === undefined && model === undefined;

/**
 * The beginning of the day by which there are enough rows, from the days that are counted: so that rows that are rare, or long past, are
 * not looked for in all that came since. What is not counted yet is looked through. Null: there are none. Undefined: nothing is counted.
 */
async function beginOfPage(
  db: Queryable,
  days: string,
  filter: HistoryFilter,
  { before, limit }: Page,
): Promise<Date | null | undefined> {
  const { values, parameter } = parameters();
  const where = dayConditions(filter, parameter);
  const p = parameter(before ?? null);
  const { rows } = await db.query<{ begin: Date | null }>(
    `WITH ${COUNTING},
     at AS MATERIALIZED (SELECT (l.recorded_at AT TIME ZONE m.zone)::date AS day FROM ${LOG} l, m WHERE l.position = ${p}),
     counted AS (
       SELECT d.day, sum(sum(d.log_rows)) OVER (ORDER BY d.day DESC) - sum(d.log_rows) AS newer
       FROM ${days} d, m
       WHERE ${where} AND d.day < coalesce((SELECT day FROM at), 'infinity'::date) GROUP BY d.day),
     least_day AS (SELECT min(day) AS day FROM counted WHERE newer < ${parameter(limit)})
     SELECT least((coalesce((SELECT day FROM least_day), (SELECT day FROM at)))::timestamp AT TIME ZONE m.zone,
                  (SELECT l.recorded_at FROM ${LOG} l WHERE l.position > m.position ORDER BY l.position LIMIT 1)) AS begin
     FROM m`,
    values,
  );
  return rows[0]?.begin;
}

/** One row by its place in the log; of an account, where one is named. */
export async function historyEntry(
  db: Queryable,
  position: bigint,
  accountId?: string,
): Promise<HistoryEntry | undefined> {
  const { rows } = await db.query<Row>(
    `SELECT l.*, a.external_user_id, a.username, a.erased, t.token_name FROM ${LOG} l
     JOIN ${schemaOf('accounts')}.accounts a USING (account_id)
     LEFT JOIN ${schemaOf('tokens')}.tokens t ON t.token_id = l.token_id
     WHERE l.position = $1 AND ($2::uuid IS NULL OR l.account_id = $2)`,
    [position, accountId ?? null],
  );
  return rows[0] && entryOf(rows[0]);
}

const entryOf = (row: Row): HistoryEntry => ({
  id: row.position,
  at: row.recorded_at,
  type: row.type,
  externalUserId: row.external_user_id,
  username: row.erased ? '' : row.username,
  tokenId: row.token_id === null ? null : Number(row.token_id),
  tokenName: row.token_name ?? '',
  model: row.model,
  channelId: row.channel_id,
  group: row.group_name,
  promptTokens: Number(row.prompt_tokens),
  completionTokens: Number(row.completion_tokens),
  spendQuota: row.spend,
  requestId: row.request_id,
  reference: row.reference,
  durationMs: row.duration_ms === null ? null : Number(row.duration_ms),
  code: row.code,
});
