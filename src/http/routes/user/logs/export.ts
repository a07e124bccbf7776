import { z } from 'zod';
import { usdOfQuota } from '../../../../domain/money/quota.js';
import { BYTE_ORDER_MARK, csvLine } from '../../../../support/csv-text.js';
import { endpoint, ownAccount } from '../../../endpoint.js';
import { exported, exportsBusy } from '../../../exports-at-once.js';
import { ledgerTimeIso } from '../../../ledger-days.js';
import type { Own, OwnHistoryEntry, OwnHistoryFilter } from '../../../people/own.js';
import { filterInput, filterOf } from './schema.js';

const CSV = 'text/csv; charset=utf-8';
const ROWS_A_PAGE = 1_000;

const columns = [
  'id',
  'time',
  'type',
  'model',
  'key',
  'prompt_tokens',
  'completion_tokens',
  'quota',
  'usd',
  'balance_after_quota',
  'balance_after_usd',
  'request_id',
  'reference',
  'code',
] as const;

const cells = (row: OwnHistoryEntry, timezone: string) => [
  row.id,
  ledgerTimeIso(row.at, timezone),
  row.type,
  row.model,
  row.tokenName,
  row.promptTokens,
  row.completionTokens,
  row.spendQuota,
  usdOfQuota(row.spendQuota),
  row.balanceAfter,
  row.balanceAfter === null ? null : usdOfQuota(row.balanceAfter),
  row.requestId,
  row.reference,
  row.code,
];

/** Page by page: rows once shown do not change, and what comes meanwhile is newer than where it begins. */
async function* csv(
  reads: Pick<Own, 'history'>,
  filter: OwnHistoryFilter,
  timezone: string,
): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(columns);
  for (let before: bigint | undefined; ;) {
    const rows = await reads.history(filter, { before, limit: ROWS_A_PAGE });
    if (rows.length > 0) yield rows.map((row) => csvLine(cells(row, timezone))).join('');
    before = rows.at(-1)?.id;
    if (rows.length < ROWS_A_PAGE) return;
  }
}

export const exportLogs = endpoint({
  method: 'get',
  area: 'user',
  path: '/logs/export',
  access: 'person',
  operationId: 'exportOwnLogs',
  summary: 'Write your calls and movements as CSV',
  description:
    'All that the filter finds, the newest first, as it is read; for spreadsheets, so cells that begin like formulas have an apostrophe before them. A response that breaks off is not complete.',
  input: z.object(filterInput),
  data: z.string(),
  answersText: [CSV],
  refusals: [],
  failures: [exportsBusy],
  example: { data: '' },
  handle: async (input, context) => {
    const { reads } = ownAccount(context);
    const { timezone } = context.settings;
    await reads.caughtUp();
    return exported({
      mediaType: CSV,
      pieces: csv(reads, filterOf(input, timezone), timezone),
      headers: { 'Content-Disposition': 'attachment; filename="logs.csv"' },
    });
  },
});
