import { type Queryable, schemaOf } from '../runtime/projection.js';
import {
  COUNTING,
  dayConditions,
  historyConditions,
  type HistoryFilter,
  isNarrow,
  LOG,
  parameters,
} from './history-filter.js';

/** How many rows there are; no more than `most` and one are counted. */
export async function countHistory(db: Queryable, filter: HistoryFilter, most: number): Promise<number> {
  const { values, parameter } = parameters();
  const text = isNarrow(filter)
    ? `SELECT count(*) AS rows FROM (
         SELECT FROM ${LOG} r WHERE ${historyConditions(filter, parameter).join(' AND ')} LIMIT ${parameter(most + 1)}) found`
    : `WITH ${COUNTING} SELECT coalesce(sum(d.log_rows), 0) AS rows FROM ${schemaOf('statistics')}.daily_traffic d, m
       WHERE ${dayConditions(filter, parameter)}`;
  const { rows } = await db.query<{ rows: string }>(text, values);
  return Number(rows[0]?.rows ?? 0);
}
