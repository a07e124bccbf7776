import { type Queryable, schemaOf } from '../runtime/projection.js';
import type { FilterSql } from './filter.js';

/** What of a history falls on one day. */
export interface LogDay {
  readonly rows: number;
  readonly tokens: bigint;
  readonly spend: bigint;
  readonly topup: bigint;
  /** The first instant after it. */
  readonly ends: Date;
}

interface Row {
  readonly day: string | null;
  readonly ends: Date;
  readonly rows: string;
  readonly tokens: string;
  readonly spend: string;
  readonly topup: string;
  readonly ahead: bigint;
  readonly whole_days: boolean;
}

/** The history may be this far ahead of the statistics, which count it by days. */
const MAX_AHEAD = 10_000;

/**
 * The days of a history, newest first, from the statistics, and from the rows that these have not counted yet; so that no page of a long
 * history costs a look at all of it. Rows that only the statistics have yet are counted too. Undefined when the statistics are not there
 * or far behind, or when the filter cuts days.
 */
export async function findDays(db: Queryable, filter: FilterSql): Promise<readonly LogDay[] | undefined> {
  const { rows } = await db.query<Row>(daysSql(filter), [...filter.parameters]);
  const known = rows.find(({ day }) => day === null);
  if (!known?.whole_days || known.ahead > BigInt(MAX_AHEAD)) return undefined;
  return rows.flatMap(({ day, ...row }) => (day === null ? [] : [dayOf(row)]));
}

/** One statement, so that both tables are seen as of one moment. The row without a day says that the statistics are there. */
function daysSql({ rows, days, wholeDays }: FilterSql): string {
  return `
    WITH m AS MATERIALIZED (
      SELECT position, split_part(version, ':', 2) AS zone FROM projection_checkpoints
      WHERE projection = 'statistics' AND slot = 'live'),
    ahead AS MATERIALIZED (
      SELECT * FROM ${schemaOf('usage-log')}.log_rows WHERE position > (SELECT position FROM m)
      ORDER BY position LIMIT ${MAX_AHEAD + 1}),
    counted AS (
      SELECT d.day, d.type, d.model, d.log_rows, d.prompt_tokens + d.completion_tokens AS tokens, d.quota
      FROM ${schemaOf('statistics')}.daily_usage d, m WHERE ${days}
      UNION ALL
      SELECT (l.recorded_at AT TIME ZONE m.zone)::date, l.type, l.model, 1, l.prompt_tokens + l.completion_tokens, l.spend
      FROM ahead l, m WHERE ${rows}
      UNION ALL
      SELECT NULL, '', '', 0, 0, 0 FROM m)
    SELECT day::text, ((day + 1)::timestamp AT TIME ZONE (SELECT zone FROM m)) AS ends, sum(log_rows) AS rows,
           coalesce(sum(tokens), 0) AS tokens, ${spendSql('quota')} AS spend, ${topupSql('quota')} AS topup,
           (SELECT count(*) FROM ahead) AS ahead, (SELECT ${wholeDays} FROM m) AS whole_days
    FROM counted GROUP BY day ORDER BY day DESC`;
}

/** What calls cost, corrections of charges (rows of type adjust that name a model) included; top-ups are told apart. */
export const spendSql = (amount: string): string => `coalesce(sum(${amount}) FILTER (WHERE model <> ''), 0)`;
export const topupSql = (amount: string): string =>
  `coalesce(-sum(${amount}) FILTER (WHERE type = 'topup'), 0)`;

const dayOf = ({ rows, tokens, spend, topup, ends }: Omit<Row, 'day'>): LogDay => ({
  rows: Number(rows),
  tokens: BigInt(tokens),
  spend: BigInt(spend),
  topup: BigInt(topup),
  ends,
});
