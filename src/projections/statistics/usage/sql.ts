import {
  sourceOf,
  type UsageGrouping,
  type UsageQuestion,
  type UsageSource,
} from '../../../domain/usage/usage-question.js';
import { schemaOf } from '../../runtime/projection.js';
import { storableText } from '../../runtime/rows.js';
import { ABANDONED } from '../../usage/row.js';
import { leadersColumn, leadersSql } from './leaders-sql.js';

/** Series of their own; what is beyond is added up. */
export const MOST_SERIES = 12;
/** The history may be this far ahead of the days that are counted; beyond, the answer is as of these. */
const MAX_AHEAD = 10_000;

/** What rows are told apart by, in each of the tables; the days of one know nothing of what the other has. */
const keys: Readonly<Record<UsageGrouping, string>> = {
  none: `'all'::text`,
  model: 'r.model',
  key: 'coalesce(r.token_id, 0)::text',
  user: 'r.account_id::text',
  channel: 'r.channel_id',
  group: 'r.group_name',
};

/** Of a row of the history; one of the days has them as columns. */
const REQUESTS = `CASE WHEN r.type = 'consume' AND (r.code IS DISTINCT FROM '${ABANDONED}' OR r.spend > 0) THEN 1 ELSE 0 END`;
const CALLS = `r.model <> '' AND r.type IN ('consume', 'adjust')`;

/** Tables of counted days. */
type UsageTable = Exclude<UsageSource, 'history'>;

const days: Readonly<Record<UsageTable, string>> = {
  accounts: 'daily_usage',
  traffic: 'daily_traffic',
};

const MEASURES = `sum(quota) AS quota, sum(requests) AS requests, sum(prompt_tokens) AS prompt_tokens,
  sum(completion_tokens) AS completion_tokens`;

/**
 * One statement, so that all tables are seen as of one moment. $1: series; $2, $3: the first and the last day, or $2: the bounds of the
 * buckets. Each row is one series in one bucket; of a question without an answer there is one row, without a series.
 */
export function usageSql(
  question: UsageQuestion,
  bounds: readonly Date[],
): { readonly text: string; readonly values: readonly unknown[] } {
  const source = sourceOf(question);
  const values: unknown[] = [MOST_SERIES];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const answer = (summed: string) => ({ text: answerSql(summed, beganSql(question, parameter)), values });
  if (source === 'history') {
    const ends = `${parameter(bounds)}::timestamptz[]`;
    return answer(summedSql(historySql(keys[question.groupBy], ends, conditions(question, parameter))));
  }
  const [from, to] = [parameter(question.from), parameter(question.to)];
  const where = conditions(question, parameter);
  const rows = (table: UsageTable, key: string, also = 'true') =>
    daysSql({ key, table: days[table], from, to, where: `${where} AND ${also}` });
  const leaders = leadersColumn(question);
  return answer(leaders ? leadersSql(leaders, rows) : summedSql(rows(source, keys[question.groupBy])));
}

function conditions({ filter }: UsageQuestion, parameter: (value: unknown) => string): string {
  const { accountId, tokenId, model, channelId, group } = filter;
  const columns = [
    ['account_id', accountId],
    ['token_id', tokenId],
    ['model', model],
    ['channel_id', channelId],
    ['group_name', group],
  ] as const;
  const stated = columns.flatMap(([column, value]) =>
    value === undefined
      ? []
      : [`r.${column} = ${parameter(typeof value === 'string' ? storableText(value) : value)}`],
  );
  // Tables are by account: a key is of one.
  const owner =
    tokenId !== undefined && accountId === undefined
      ? [
          `r.account_id = (SELECT account_id FROM ${schemaOf('tokens')}.tokens WHERE token_id = ${parameter(tokenId)})`,
        ]
      : [];
  return [CALLS, ...stated, ...owner].join(' AND ');
}

const ofHistory = (place: string, key: string): string =>
  `SELECT ${place} AS place, ${key} AS key, r.spend AS quota, ${REQUESTS} AS requests, r.prompt_tokens, r.completion_tokens`;

const historySql = (key: string, bounds: string, where: string): string =>
  `${ofHistory(`width_bucket(r.recorded_at, ${bounds}) - 1`, key)}
   FROM ${schemaOf('usage-log')}.log_rows r
   WHERE r.recorded_at >= (${bounds})[1] AND r.recorded_at < (${bounds})[array_upper(${bounds}, 1)] AND ${where}`;

interface DaysOf {
  readonly key: string;
  readonly table: string;
  readonly from: string;
  readonly to: string;
  readonly where: string;
}

const daysSql = ({ key, table, from, to, where }: DaysOf): string =>
  `SELECT r.day - ${from}::date AS place, ${key} AS key, r.quota, r.requests, r.prompt_tokens, r.completion_tokens
   FROM ${schemaOf('statistics')}.${table} r
   WHERE r.day BETWEEN ${from}::date AND ${to}::date AND ${where}
   UNION ALL
   ${ofHistory(`(r.recorded_at AT TIME ZONE m.zone)::date - ${from}::date`, key)}
   FROM ahead r, m
   WHERE m.reached > m.position AND (r.recorded_at AT TIME ZONE m.zone)::date BETWEEN ${from}::date AND ${to}::date AND ${where}`;

/** The instant before which there is nothing of it. */
const beganSql = ({ filter: { accountId } }: UsageQuestion, parameter: (value: unknown) => string): string =>
  accountId === undefined
    ? `(SELECT recorded_at FROM ${schemaOf('usage-log')}.log_rows ORDER BY position LIMIT 1)`
    : `(SELECT created_at FROM ${schemaOf('accounts')}.accounts WHERE account_id = ${parameter(accountId)})`;

/** Every series in every bucket, and of these the largest; the others together. */
const summedSql = (rows: string): string => `
  counted AS MATERIALIZED (SELECT place, key, ${MEASURES} FROM (${rows}) rows GROUP BY place, key),
  ranked AS MATERIALIZED (
    SELECT key, row_number() OVER (ORDER BY sum(quota) DESC, sum(requests) DESC, key) AS rank FROM counted GROUP BY key),
  others AS (SELECT count(*) AS number FROM ranked WHERE rank > $1),
  summed AS (
    SELECT place, CASE WHEN rank <= $1 THEN rank END AS rank, CASE WHEN rank <= $1 THEN key END AS key, ${MEASURES}
    FROM counted JOIN ranked USING (key) GROUP BY 1, 2, 3)`;

/** `summed` is what parts have in the end, and `others` the number of those without a series of their own. */
const answerSql = (parts: string, began: string): string => `
  WITH counting AS MATERIALIZED (
    SELECT s.position, split_part(s.version, ':', 2) AS zone, h.position AS history, s.updated_at AS counted_at, h.updated_at AS written_at
    FROM projection_checkpoints s, projection_checkpoints h
    WHERE s.projection = 'statistics' AND s.slot = 'live' AND h.projection = 'usage-log' AND h.slot = 'live'),
  ahead AS MATERIALIZED (
    SELECT * FROM ${schemaOf('usage-log')}.log_rows WHERE position > (SELECT position FROM counting)
    ORDER BY position LIMIT ${MAX_AHEAD + 1}),
  m AS MATERIALIZED (
    SELECT position, zone, history, counted_at, written_at,
           CASE WHEN (SELECT count(*) FROM ahead) <= ${MAX_AHEAD} THEN greatest(history, position) ELSE position END AS reached
    FROM counting),
  ${parts}
  SELECT m.zone, m.position, m.history, m.reached, m.counted_at, m.written_at, ${began} AS began,
         (SELECT number FROM others) AS others, summed.*
  FROM m LEFT JOIN summed ON true`;
