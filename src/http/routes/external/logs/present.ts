import type { LogPageView, LogRow } from '../../../../projections/read-models.js';
import { ledgerTime, ledgerTimeIso } from '../../../ledger-days.js';
import { usd } from '../../../present.js';

export function presentLogRow(row: LogRow, timezone: string) {
  return {
    time: ledgerTime(row.at, timezone),
    username: row.username,
    tokens: row.promptTokens + row.completionTokens,
    type: row.type,
    model: row.model,
    spend: usd(row.spendQuota),
    id: row.id,
    quota: row.spendQuota,
    token_name: row.tokenName,
    prompt_tokens: row.promptTokens,
    completion_tokens: row.completionTokens,
    time_iso: ledgerTimeIso(row.at, timezone),
  };
}

export interface Page {
  readonly page: number;
  readonly pageSize: number;
}

/**
 * `summary` is of the page, as the contract always had it; `range_summary` is of the whole filter. Spend is what calls cost,
 * corrections of charges included (rows that name a model); top-ups and refunds are no spend.
 */
export function presentLogs(view: LogPageView, { page, pageSize }: Page, timezone: string) {
  const calls = view.rows.filter(({ model }) => model !== '');
  return {
    logs: view.rows.map((row) => presentLogRow(row, timezone)),
    pagination: {
      page,
      page_size: pageSize,
      total: view.total,
      total_page: Math.ceil(view.total / pageSize),
    },
    summary: {
      total_tokens: view.rows.reduce((sum, row) => sum + row.promptTokens + row.completionTokens, 0),
      total_spend: usd(calls.reduce((sum, row) => sum + row.spendQuota, 0n)),
    },
    range_summary: {
      total_tokens: view.range.totalTokens,
      total_spend: usd(view.range.totalSpend),
      total_topup: usd(view.range.totalTopup),
      rows: view.total,
    },
  };
}
