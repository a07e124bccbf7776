import type { LogFilter, LogPageView, LogRow } from '../read-models.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import { findDays, type LogDay, spendSql, topupSql } from './days.js';
import { type FilterSql, filterSql } from './filter.js';

interface Row {
  readonly position: bigint;
  readonly recorded_at: Date;
  readonly type: LogRow['type'];
  readonly username: string;
  readonly model: string;
  readonly token_name: string | null;
  readonly prompt_tokens: bigint;
  readonly completion_tokens: bigint;
  readonly spend: bigint;
  readonly request_id: string | null;
}

interface Page {
  readonly offset: number;
  readonly limit: number;
}

interface Totals {
  readonly total: number;
  readonly range: LogPageView['range'];
}

/** A page of an account's history, newest first, and sums over the whole filter. Names of user and key are today's. */
export async function findLogs(
  db: Queryable,
  accountId: string,
  filter: LogFilter,
  page: Page,
): Promise<LogPageView> {
  const sql = filterSql(accountId, filter);
  const days = await findDays(db, sql);
  const totals = days ? sumOf(days) : await countRows(db, sql);
  const rows = await selectPage(db, sql, days ? fromItsDay(days, page) : page);
  return { rows: rows.map(logRow), ...totals };
}

/** The newest rows of an account's history. */
export async function findRecentLogs(
  db: Queryable,
  accountId: string,
  limit: number,
): Promise<readonly LogRow[]> {
  const rows = await selectPage(db, filterSql(accountId, {}), { offset: 0, limit });
  return rows.map(logRow);
}

/** The same page, found from the end of the day that it begins in. */
function fromItsDay(days: readonly LogDay[], page: Page): Page & { readonly before?: Date } {
  let offset = page.offset;
  for (const [index, { rows, ends }] of days.entries()) {
    if (offset < rows) return index === 0 ? page : { offset, limit: page.limit, before: ends };
    offset -= rows;
  }
  return { offset: 0, limit: 0 };
}

async function selectPage(
  db: Queryable,
  { rows: where, parameters }: FilterSql,
  { offset, limit, before }: Page & { readonly before?: Date },
): Promise<readonly Row[]> {
  const next = parameters.length + 1;
  // The page is cut from the index before its rows and the names are looked up.
  const { rows } = await db.query<Row>(
    `SELECT l.*, a.username, t.token_name
     FROM (SELECT l.position, l.recorded_at FROM ${schemaOf('usage-log')}.log_rows l
           WHERE ${where} AND l.recorded_at < $${next + 2}::timestamptz
           ORDER BY l.recorded_at DESC, l.position DESC OFFSET $${next} LIMIT $${next + 1}) page
     JOIN ${schemaOf('usage-log')}.log_rows l USING (position, recorded_at)
     JOIN ${schemaOf('accounts')}.accounts a USING (account_id)
     LEFT JOIN ${schemaOf('tokens')}.tokens t ON t.token_id = l.token_id
     ORDER BY l.recorded_at DESC, l.position DESC`,
    [...parameters, offset, limit, before ?? 'infinity'],
  );
  return rows;
}

function sumOf(days: readonly LogDay[]): Totals {
  const sum = (pick: (day: LogDay) => bigint) => days.reduce((total, day) => total + pick(day), 0n);
  return {
    total: days.reduce((total, { rows }) => total + rows, 0),
    range: {
      totalTokens: sum(({ tokens }) => tokens),
      totalSpend: sum(({ spend }) => spend),
      totalTopup: sum(({ topup }) => topup),
    },
  };
}

/** Looks at every row: while the statistics are not at hand. */
async function countRows(db: Queryable, { rows: where, parameters }: FilterSql): Promise<Totals> {
  const { rows } = await db.query<Record<'total' | 'tokens' | 'spend' | 'topup', string>>(
    `SELECT count(*) AS total, coalesce(sum(prompt_tokens + completion_tokens), 0) AS tokens,
            ${spendSql('spend')} AS spend, ${topupSql('spend')} AS topup
     FROM ${schemaOf('usage-log')}.log_rows l WHERE ${where}`,
    [...parameters],
  );
  const { total = '0', tokens = '0', spend = '0', topup = '0' } = rows[0] ?? {};
  return {
    total: Number(total),
    range: { totalTokens: BigInt(tokens), totalSpend: BigInt(spend), totalTopup: BigInt(topup) },
  };
}

const logRow = (row: Row): LogRow => ({
  id: row.position,
  at: row.recorded_at,
  type: row.type,
  username: row.username,
  model: row.model,
  tokenName: row.token_name ?? '',
  promptTokens: Number(row.prompt_tokens),
  completionTokens: Number(row.completion_tokens),
  spendQuota: row.spend,
  requestId: row.request_id,
});
