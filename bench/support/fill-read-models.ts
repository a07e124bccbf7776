import type pg from 'pg';
import { accounts as accountsProjection } from '../../src/projections/account/projector.js';
import { balance } from '../../src/projections/balance/projector.js';
import { payments } from '../../src/projections/payment/projector.js';
import { schemaOf } from '../../src/projections/runtime/projection.js';
import { createIndexes, createTables } from '../../src/projections/runtime/install.js';
import { statistics } from '../../src/projections/statistics/projector.js';
import { tokens } from '../../src/projections/token/projector.js';
import { usageLog } from '../../src/projections/usage/projector.js';
import { partitionDdl } from '../../src/projections/usage/table.js';

/** Nothing here may end for its length. */
const NO_LIMIT_MS = 6 * 3_600_000;
const FIRST = new Date('2026-10-01T00:00:00Z');
const MONTHS = [FIRST, new Date('2026-11-01T00:00:00Z')];
const SECONDS = 61 * 24 * 3_600;

/** The id of the account of that number; 0 is the largest. */
export function accountOf(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/**
 * The tables as a projector would have left them after so many logged events, without the events: rows in the order of time, of 20 models
 * and 5 keys an account, one in 51 a failed call; every tenth row is of account 0.
 */
export async function fillReadModels(
  pool: pg.Pool,
  { rows, accounts }: { readonly rows: number; readonly accounts: number },
): Promise<{ readonly giantRows: number; readonly lightRows: number }> {
  const projections = [accountsProjection, tokens, balance, payments, usageLog, statistics('UTC')];
  const client = await pool.connect();
  try {
    await client.query('SET statement_timeout = 0');
    for (const projection of projections) await createTables(client, projection, 'live');
    const slow = (text: string, values: unknown[] = []) =>
      client.query({ text, values, query_timeout: NO_LIMIT_MS } as pg.QueryConfig);
    const log = schemaOf('usage-log');
    for (const month of MONTHS) await slow(partitionDdl(log, month));
    await slow(
      `INSERT INTO ${schemaOf('accounts')}.accounts
       SELECT account(n), n + 1, 'user-' || n, 'user-' || n, 'email', '', 'default', false, false, '{}', $2, 0
       FROM generate_series(0, $1::int - 1) n`.replaceAll('account(n)', accountSql('n')),
      [accounts, FIRST],
    );
    await slow(
      `INSERT INTO ${log}.log_rows (position, recorded_at, account_id, type, model, token_id, prompt_tokens, completion_tokens,
         spend, request_id, reference, stream, revision, channel_id, group_name, duration_ms, code)
       SELECT n, $3::timestamptz + n * interval '1 second' * (${SECONDS}::float / $1::int), ${accountSql('a')},
         CASE WHEN n % 51 = 0 THEN 'error' ELSE 'consume' END, 'model-' || n / 10 % 20, n / 200 % 5 + 1, 100, 64, 140,
         'request-' || n, 'call-' || n, 'usage-' || a, n, 'channel-' || n % 7, 'default', 200 + n % 1800,
         CASE WHEN n % 51 = 0 THEN 'upstream_timeout' END
       FROM (SELECT n, CASE WHEN n % 10 = 0 THEN 0 ELSE 1 + (n::bigint * 2654435761 % ($2::int - 1))::int END AS a
             FROM generate_series(0, $1::int - 1) n) numbered`,
      [rows, accounts, FIRST],
    );
    await slow(
      `INSERT INTO ${schemaOf('statistics')}.daily_usage
         (account_id, day, type, model, token_id, log_rows, requests, failed, hung_up, prompt_tokens, completion_tokens, quota)
       SELECT account_id, (recorded_at AT TIME ZONE 'UTC')::date, type, model, token_id, count(*),
         count(*) FILTER (WHERE type = 'consume'), count(*) FILTER (WHERE type = 'error'), 0, sum(prompt_tokens),
         sum(completion_tokens), sum(spend)
       FROM ${log}.log_rows GROUP BY 1, 2, 3, 4, 5`,
    );
    await slow(
      `INSERT INTO ${schemaOf('statistics')}.daily_traffic
         (day, type, model, channel_id, group_name, log_rows, requests, failed, prompt_tokens, completion_tokens, quota)
       SELECT (recorded_at AT TIME ZONE 'UTC')::date, type, model, channel_id, group_name, count(*),
         count(*) FILTER (WHERE type = 'consume'), count(*) FILTER (WHERE type = 'error'), sum(prompt_tokens),
         sum(completion_tokens), sum(spend)
       FROM ${log}.log_rows GROUP BY 1, 2, 3, 4, 5`,
    );
    await slow('UPDATE projection_checkpoints SET position = $1', [rows - 1]);
    await client.query('BEGIN');
    for (const projection of projections) await createIndexes(client, projection, 'live');
    await client.query('COMMIT');
    await slow('VACUUM (ANALYZE)');
  } finally {
    client.release();
  }
  return { giantRows: Math.ceil(rows / 10), lightRows: Math.floor((rows * 0.9) / (accounts - 1)) };
}

const accountSql = (number: string): string =>
  `('00000000-0000-4000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
