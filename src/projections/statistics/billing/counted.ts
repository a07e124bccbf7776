import { schemaOf } from '../../runtime/projection.js';
import { COUNTING, LOG } from '../../usage/history-filter.js';
import { ABANDONED } from '../../usage/row.js';

/** The history may be this far ahead of the days that are counted; beyond, nothing is told. */
const MAX_AHEAD = 10_000;

/** The type of a row of the history, or of the days: a correction of a charge is one of its consumption. */
export const billingTypeSql = (row: string): string => `
  CASE WHEN ${row}.type = 'topup' THEN 'topup' WHEN ${row}.type = 'refund' THEN 'refund'
       WHEN ${row}.type = 'consume' OR (${row}.type = 'adjust' AND ${row}.model <> '') THEN 'consumption'
       WHEN ${row}.type = 'adjust' THEN 'adjustment'
       WHEN ${row}.type = 'grant' THEN 'grant' END`;

/**
 * As `counted`: all that ever moved the balance of an account ($1), by days of the ledger, types, models and keys; signed, what came in
 * positive. The days are counted behind the history: what is ahead of them is taken from there. As `m` the zone; no row of it, and of `known`,
 * while the days are not counted or too far behind.
 */
export const COUNTED = `${COUNTING},
  ahead AS MATERIALIZED (
    SELECT l.* FROM ${LOG} l WHERE l.position > (SELECT position FROM m) ORDER BY l.position LIMIT ${MAX_AHEAD + 1}),
  known AS MATERIALIZED (SELECT zone FROM m WHERE (SELECT count(*) FROM ahead) <= ${MAX_AHEAD}),
  counted AS MATERIALIZED (
    SELECT d.day, ${billingTypeSql('d')} AS type, d.model, d.token_id, d.log_rows AS rows, d.requests,
           d.prompt_tokens + d.completion_tokens AS tokens, -d.quota AS amount
    FROM ${schemaOf('statistics')}.daily_usage d, known WHERE d.account_id = $1 AND d.type <> 'error'
    UNION ALL
    SELECT (l.recorded_at AT TIME ZONE known.zone)::date, ${billingTypeSql('l')}, l.model, coalesce(l.token_id, 0), 1,
           CASE WHEN l.type = 'consume' AND (l.code IS DISTINCT FROM '${ABANDONED}' OR l.spend > 0) THEN 1 ELSE 0 END,
           l.prompt_tokens + l.completion_tokens, -l.spend
    FROM ahead l, known WHERE l.account_id = $1 AND l.type <> 'error')`;
