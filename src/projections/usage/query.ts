import { type Queryable, schemaOf } from '../runtime/projection.js';
import { findDays, type LogDay, spendSql, topupSql } from './days.js';
import { type FilterSql, filterSql, type LogFilter } from './filter.js';
import { type LogPageView, type LogRow, logRowOfSql, selectLogRows, type SqlLogRow } from './log-row.js';

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
  return { rows: rows.map(logRowOfSql), ...totals };
}

/** The newest rows of an account's history. */
export async function findRecentLogs(
  db: Queryable,
  accountId: string,
  limit: number,
): Promise<readonly LogRow[]> {
  const rows = await selectPage(db, filterSql(accountId, {}), { offset: 0, limit });
  return rows.map(logRowOfSql);
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
): Promise<readonly SqlLogRow[]> {
  const next = parameters.length + 1;
  // The page is cut from the index before its rows and the names are looked up.
  const places = `
    SELECT l.position, l.recorded_at FROM ${schemaOf('usage-log')}.log_rows l
    WHERE ${where} AND l.recorded_at < $${next + 2}::timestamptz
    ORDER BY l.recorded_at DESC, l.position DESC OFFSET $${next} LIMIT $${next + 1}`;
  const { rows } = await db.query<SqlLogRow>(
    `${selectLogRows(places)} ORDER BY l.recorded_at DESC, l.position DESC`,
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
