import { schemaOf } from '../runtime/projection.js';

/** One row of a user's history. `spendQuota` is negative for what came in. */
export interface LogRow {
  /** The log position: the row's id, and its order. */
  readonly id: bigint;
  readonly at: Date;
  readonly type: 'consume' | 'topup' | 'refund' | 'adjust' | 'grant' | 'error';
  readonly username: string;
  readonly model: string;
  readonly tokenName: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly spendQuota: bigint;
  readonly requestId: string | null;
  /** Of a top-up that has one. */
  readonly note?: string | undefined;
}

export interface LogPageView {
  readonly rows: readonly LogRow[];
  readonly total: number;
  /** Over the whole filter, not the page. */
  readonly range: { readonly totalTokens: bigint; readonly totalSpend: bigint; readonly totalTopup: bigint };
}

export const NO_LOGS: LogPageView = {
  rows: [],
  total: 0,
  range: { totalTokens: 0n, totalSpend: 0n, totalTopup: 0n },
};

/** What `selectLogRows` answers. */
export interface SqlLogRow {
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
  readonly note: string | null;
}

/**
 * The rows at the places that `places` selects, with what other read models say of them: names of user and key are today's. What is looked
 * up is looked up for these rows alone.
 */
export const selectLogRows = (places: string): string =>
  `SELECT l.*, a.username, t.token_name, p.note
   FROM (${places}) page
   JOIN ${schemaOf('usage-log')}.log_rows l USING (position, recorded_at)
   JOIN ${schemaOf('accounts')}.accounts a USING (account_id)
   LEFT JOIN ${schemaOf('tokens')}.tokens t ON t.token_id = l.token_id
   LEFT JOIN ${schemaOf('payments')}.payments p ON l.type = 'topup' AND p.payment_id = l.reference`;

export const logRowOfSql = (row: SqlLogRow): LogRow => ({
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
  note: row.note ?? undefined,
});
