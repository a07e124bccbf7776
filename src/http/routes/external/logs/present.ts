import type { LogPageView } from '../../../../projections/usage/log-row.js';
import { usd } from '../../../present.js';
import { presentLogRow } from './row.js';

export interface Page {
  readonly page: number;
  readonly pageSize: number;
}

/**
 * `summary` is of the page, as the contract always had it: all of its rows, so that what came in is subtracted. `range_summary` is of
 * the whole filter, and its spend is what calls cost, corrections of charges included (rows that name a model); top-ups and refunds
 * are no spend there.
 */
export function presentLogs(view: LogPageView, { page, pageSize }: Page, timezone: string) {
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
      total_spend: usd(view.rows.reduce((sum, row) => sum + row.spendQuota, 0n)),
    },
    range_summary: {
      total_tokens: view.range.totalTokens,
      total_spend: usd(view.range.totalSpend),
      total_topup: usd(view.range.totalTopup),
      rows: view.total,
    },
  };
}
