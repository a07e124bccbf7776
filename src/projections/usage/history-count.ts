import { type Queryable } from '../runtime/projection.js';
import {
  COUNTING,
  countedDays,
  dayConditions,
  historyConditions,
  type HistoryFilter,
  LOG,
  parameters,
} from './history-filter.js';

/** How many rows there are, by the days that are counted and what came after them; no more than `most` and one are counted one by one. */
export async function countHistory(db: Queryable, filter: HistoryFilter, most: number): Promise<number> {
  const days = countedDays(filter);
  const counted = days === undefined ? undefined : await countByDays(db, days, filter, most);
  return counted ?? (await countRows(db, filter, most));
}

/** Undefined where days are not counted. */
async function countByDays(
  db: Queryable,
  days: string,
  filter: HistoryFilter,
  most: number,
): Promise<number | undefined> {
  const { values, parameter } = parameters();
  const text = `WITH ${COUNTING}
    SELECT (SELECT coalesce(sum(d.log_rows), 0) FROM ${days} d WHERE ${dayConditions(filter, parameter)})
      + (SELECT count(*) FROM (
           SELECT FROM ${LOG} r WHERE ${['r.position > m.position', ...historyConditions(filter, parameter)].join(' AND ')}
           LIMIT ${parameter(most + 1)}) ahead) AS rows
    FROM m`;
  const { rows } = await db.query<{ rows: string }>(text, values);
  return rows[0] && Number(rows[0].rows);
}

async function countRows(db: Queryable, filter: HistoryFilter, most: number): Promise<number> {
  const { values, parameter } = parameters();
  const conditions = ['true', ...historyConditions(filter, parameter)].join(' AND ');
  const { rows } = await db.query<{ rows: string }>(
    `SELECT count(*) AS rows FROM (SELECT FROM ${LOG} r WHERE ${conditions} LIMIT ${parameter(most + 1)}) found`,
    values,
  );
  return Number(rows[0]?.rows ?? 0);
}
