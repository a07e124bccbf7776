import type { Projection, Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { loggedEvents } from '../usage/row.js';
import { countEvents } from './count.js';
import { ddl, indexes } from './table.js';

const VERSION = '5:';

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
    tables: ['daily_usage', 'daily_traffic'],
    handles: loggedEvents,
    ddl,
    indexes,
    apply: async (tx, schema, events) => {
      const { days, traffic } = countEvents(events);
      await addDays(tx, schema, timeZone, days);
      await addTraffic(tx, schema, timeZone, traffic);
    },
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

/** The same without whose it was, and with who answered. */
async function addTraffic(
  tx: Queryable,
  schema: string,
  timeZone: string,
  rows: readonly object[],
): Promise<void> {
  await tx.query(
    `INSERT INTO ${schema}.daily_traffic AS d
       (day, type, model, channel_id, group_name, log_rows, requests, failed, prompt_tokens, completion_tokens, quota)
     SELECT (recorded_at AT TIME ZONE $2)::date AS day, type, model, channel_id, group_name, sum(log_rows), sum(requests), sum(failed),
            sum(prompt_tokens), sum(completion_tokens), sum(quota)
     FROM json_to_recordset($1) AS row (recorded_at timestamptz, type text, model text, channel_id text, group_name text,
       log_rows bigint, requests bigint, failed bigint, prompt_tokens bigint, completion_tokens bigint, quota bigint)
     GROUP BY day, type, model, channel_id, group_name
     ON CONFLICT (day, type, model, channel_id, group_name) DO UPDATE
     SET log_rows = d.log_rows + excluded.log_rows, requests = d.requests + excluded.requests, failed = d.failed + excluded.failed,
         prompt_tokens = d.prompt_tokens + excluded.prompt_tokens,
         completion_tokens = d.completion_tokens + excluded.completion_tokens, quota = d.quota + excluded.quota`,
    [jsonRows(rows), timeZone],
  );
}
