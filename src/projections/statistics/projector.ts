import type { Projection, Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { loggedEvents } from '../usage/row.js';
import { countEvents } from './count.js';
import { ddl } from './table.js';

const VERSION = '4:';

/** The time zone of tables of this version. */
export const timeZoneOf = (version: string): string => version.slice(VERSION.length);

/**
 * The history by account, day, type of row, model and key. The time zone in which a day begins is part of the version: with another one the days are
 * counted anew.
 *
 * @param timeZone an IANA name that PostgreSQL knows
 */
export function statistics(timeZone: string): Projection {
  return {
    name: 'statistics',
    group: 'statistics',
    version: `${VERSION}${timeZone}`,
    tables: ['daily_usage'],
    handles: loggedEvents,
    ddl,
    apply: (tx, schema, events) => addDays(tx, schema, timeZone, countEvents(events)),
  };
}

async function addDays(
  tx: Queryable,
  schema: string,
  timeZone: string,
  rows: readonly object[],
): Promise<void> {
  await tx.query(
    `INSERT INTO ${schema}.daily_usage AS d
       (account_id, day, type, model, token_id, log_rows, requests, failed, hung_up, prompt_tokens, completion_tokens, quota)
     SELECT account_id, (recorded_at AT TIME ZONE $2)::date AS day, type, model, token_id, sum(log_rows), sum(requests), sum(failed),
            sum(hung_up), sum(prompt_tokens), sum(completion_tokens), sum(quota)
     FROM json_to_recordset($1) AS row (account_id uuid, recorded_at timestamptz, type text, model text, token_id bigint,
       log_rows bigint, requests bigint,
       failed bigint, hung_up bigint, prompt_tokens bigint, completion_tokens bigint, quota bigint)
     GROUP BY account_id, day, type, model, token_id
     ON CONFLICT (account_id, day, type, model, token_id) DO UPDATE
     SET log_rows = d.log_rows + excluded.log_rows, requests = d.requests + excluded.requests, failed = d.failed + excluded.failed,
         hung_up = d.hung_up + excluded.hung_up,
         prompt_tokens = d.prompt_tokens + excluded.prompt_tokens,
         completion_tokens = d.completion_tokens + excluded.completion_tokens, quota = d.quota + excluded.quota`,
    [jsonRows(rows), timeZone],
  );
}
