import type { LogFilter, LogPageView, LogRow } from '../read-models.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import { filterSql } from './filter.js';

interface Row {
  readonly position: bigint;
  readonly recorded_at: Date;
  readonly type: LogRow['type'];
  readonly username: string;
  readonly model: string;
  readonly token_name: string | null;
  readonly prompt_tokens: bigint;
  readonly completion_tokens: bigint;
  readonly spend: bigint;
  readonly request_id: string | null;
}

interface RangeRow {
  readonly total: bigint;
  readonly tokens: string;
  readonly spend: string;
  readonly topup: string;
}

interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** A page of an account's history, newest first, and sums over the whole filter. Names of user and key are today's. */
export async function findLogs(
  db: Queryable,
  accountId: string,
  filter: LogFilter,
  page: Page,
): Promise<LogPageView> {
  const { where, parameters } = filterSql(accountId, filter);
  const rows = await selectPage(db, where, parameters, page);
  const range = await selectRange(db, where, parameters);
  return {
    rows: rows.map(logRow),
    total: Number(range.total),
    range: {
      totalTokens: BigInt(range.tokens),
      totalSpend: BigInt(range.spend),
      totalTopup: BigInt(range.topup),
    },
  };
}

async function selectPage(
  db: Queryable,
  where: string,
  parameters: readonly unknown[],
  { offset, limit }: Page,
): Promise<readonly Row[]> {
  const next = parameters.length + 1;
  // The page is cut before the names are looked up.
  const { rows } = await db.query<Row>(
    `SELECT l.*, a.username, t.token_name
     FROM (SELECT * FROM ${schemaOf('usage-log')}.log_rows l WHERE ${where}
           ORDER BY l.recorded_at DESC, l.position DESC OFFSET $${next} LIMIT $${next + 1}) l
     JOIN ${schemaOf('accounts')}.accounts a USING (account_id)
     LEFT JOIN ${schemaOf('tokens')}.tokens t ON t.token_id = l.token_id
     ORDER BY l.recorded_at DESC, l.position DESC`,
    [...parameters, offset, limit],
  );
  return rows;
}

async function selectRange(db: Queryable, where: string, parameters: readonly unknown[]): Promise<RangeRow> {
  // Spend is what calls cost, corrections of charges (rows of type adjust that name a model) included; top-ups are told apart.
  const { rows } = await db.query<RangeRow>(
    `SELECT count(*) AS total, coalesce(sum(prompt_tokens + completion_tokens), 0) AS tokens,
            coalesce(sum(spend) FILTER (WHERE model <> ''), 0) AS spend,
            coalesce(-sum(spend) FILTER (WHERE type = 'topup'), 0) AS topup
     FROM ${schemaOf('usage-log')}.log_rows l WHERE ${where}`,
    [...parameters],
  );
  return rows[0] ?? { total: 0n, tokens: '0', spend: '0', topup: '0' };
}

const logRow = (row: Row): LogRow => ({
  id: row.position,
  at: row.recorded_at,
  type: row.type,
  username: row.username,
  model: row.model,
  tokenName: row.token_name ?? '',
  promptTokens: Number(row.prompt_tokens),
  completionTokens: Number(row.completion_tokens),
  spendQuota: row.spend,
  requestId: row.request_id,
});
