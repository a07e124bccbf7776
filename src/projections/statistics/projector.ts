import type { LedgerEvent, Projection, Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { ddl } from './table.js';

interface Counted {
  readonly account_id: string;
  readonly model: string;
  readonly token_id: number;
  readonly requests: number;
  readonly failed: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly quota: string;
  readonly recorded_at: Date;
}

const VERSION = '1:';

/** The time zone of tables of this version. */
export const timeZoneOf = (version: string): string => version.slice(VERSION.length);

/**
 * Usage by account, day, model and key. The time zone in which a day begins is part of the version: with another one the days are
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
    handles: ['consumption-recorded.v2', 'consumption-corrected.v1', 'call-abandoned.v2', 'call-failed.v1'],
    ddl,
    apply: (tx, schema, events) =>
      addDays(
        tx,
        schema,
        timeZone,
        events.flatMap((event) => counted(event) ?? []),
      ),
  };
}

function counted(event: LedgerEvent): Counted | undefined {
  switch (event.type) {
    case 'consumption-recorded.v2':
    case 'call-abandoned.v2': {
      const { account_id, model, token_id, usage, quota } = event.data;
      const requests = event.type === 'consumption-recorded.v2' || quota > 0n ? 1 : 0;
      const { prompt_tokens, completion_tokens } = usage;
      const call = { account_id, model, token_id, prompt_tokens, completion_tokens };
      return { ...call, requests, failed: 0, quota: quota.toString(), recorded_at: event.recordedAt };
    }
    case 'consumption-corrected.v1': {
      const { account_id, model, token_id, difference } = event.data;
      const nothing = { requests: 0, failed: 0, prompt_tokens: 0, completion_tokens: 0 };
      return {
        account_id,
        model,
        token_id,
        ...nothing,
        quota: difference.toString(),
        recorded_at: event.recordedAt,
      };
    }
    case 'call-failed.v1': {
      const { account_id, model, token_id } = event.data;
      const nothing = { requests: 0, prompt_tokens: 0, completion_tokens: 0, quota: '0' };
      return { account_id, model, token_id, ...nothing, failed: 1, recorded_at: event.recordedAt };
    }
    default:
      return undefined;
  }
}

async function addDays(
  tx: Queryable,
  schema: string,
  timeZone: string,
  rows: readonly Counted[],
): Promise<void> {
  await tx.query(
    `INSERT INTO ${schema}.daily_usage AS d
       (account_id, day, model, token_id, requests, failed, prompt_tokens, completion_tokens, quota)
     SELECT account_id, (recorded_at AT TIME ZONE $2)::date AS day, model, token_id, sum(requests), sum(failed),
            sum(prompt_tokens), sum(completion_tokens), sum(quota)
     FROM json_to_recordset($1) AS row (account_id uuid, recorded_at timestamptz, model text, token_id bigint, requests bigint,
       failed bigint, prompt_tokens bigint, completion_tokens bigint, quota bigint)
     GROUP BY account_id, day, model, token_id
     ON CONFLICT (account_id, day, model, token_id) DO UPDATE
     SET requests = d.requests + excluded.requests, failed = d.failed + excluded.failed,
         prompt_tokens = d.prompt_tokens + excluded.prompt_tokens,
         completion_tokens = d.completion_tokens + excluded.completion_tokens, quota = d.quota + excluded.quota`,
    [jsonRows(rows), timeZone],
  );
}
