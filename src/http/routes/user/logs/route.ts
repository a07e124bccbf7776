import { z } from 'zod';
import { cursorData, cursorInput, cursorPage } from '../../../cursor.js';
import { type BoundEndpoint, endpoint, ownAccount } from '../../../endpoint.js';
import { noSuchRow, rowNotFound } from '../../no-such-row.js';
import { text } from '../../../fields.js';
import { minPosition, positionNotReached } from '../../../freshness.js';
import type { Own, OwnHistoryEntry } from '../../../people/own.js';
import { failureRows } from '../../audit/failures.js';
import { answersFile, receiptFile } from '../../receipt-file.js';
import { exportLogs } from './export.js';
import { exampleExplained, isOf, presentExplained } from './explained.js';
import { explained } from './explained-schema.js';
import { exampleOwnRow, filterInput, filterOf, ownLogRow, presentOwnRow } from './schema.js';

const list = endpoint({
  method: 'get',
  area: 'user',
  path: '/logs',
  access: 'person',
  operationId: 'listOwnLogs',
  summary: 'List your calls and movements',
  description:
    'The newest first, each with the balance right after it. Failed calls too, with the code that their answer had.',
  input: z.object({ ...filterInput, ...cursorInput, min_position: minPosition }),
  data: z.object({ logs: z.array(ownLogRow), ...cursorData }),
  refusals: [],
  failures: [positionNotReached],
  example: { data: { logs: [exampleOwnRow], next_cursor: null, total: 1, total_capped: false } },
  handle: async (input, context) => {
    const { timezone } = context.settings;
    const { reads } = ownAccount(context);
    await reads.caughtUp(input.min_position);
    const filter = filterOf(input, timezone);
    const { rows, page } = await cursorPage(
      input,
      ({ id }: OwnHistoryEntry) => id,
      (some) => reads.history(filter, some),
      (most) => reads.countHistory(filter, most),
    );
    return { data: { logs: rows.map((row) => presentOwnRow(row, timezone)), ...page } };
  },
});

const rowInput = {
  id: text(1, 18).meta({ description: 'its place in the log', pattern: '^\\d{1,18}$' }),
};

async function rowOf(reads: Own, id: string): Promise<OwnHistoryEntry> {
  const row = /^\d{1,18}$/.test(id) ? await reads.historyEntry(BigInt(id)) : undefined;
  if (!row) throw rowNotFound();
  return row;
}

const view = endpoint({
  method: 'get',
  area: 'user',
  path: '/logs/{id}',
  access: 'person',
  operationId: 'showOwnLog',
  summary: 'Show why something cost what it cost',
  description:
    'A row with the lines that add up to its charge, computed again from what is recorded: tokens by kind, ratios, group, price version, the one rounding, what was held, the balance before and after; of a call that failed, why. A figure that does not come out again is not told: 500 `books_disagree`.',
  input: z.object(rowInput),
  data: z.object({ log: ownLogRow, explanation: explained }),
  refusals: [],
  failures: [noSuchRow, ...failureRows()],
  example: { data: { log: exampleOwnRow, explanation: exampleExplained } },
  handle: async ({ id }, context) => {
    const { reads } = ownAccount(context);
    const row = await rowOf(reads, id);
    const { explanations } = await reads.explain(row.reference);
    const found = explanations.find((each) => isOf(row.id, each));
    if (!found) throw rowNotFound();
    const log = presentOwnRow(row, context.settings.timezone);
    return { data: { log, explanation: presentExplained(found, row.id) } };
  },
});

const receipt = endpoint({
  method: 'get',
  area: 'user',
  path: '/logs/{id}/receipt',
  access: 'person',
  operationId: 'getOwnReceipt',
  summary: 'Write a receipt for a top-up or a refund',
  description:
    'A `.tlog-proof` (C2SP) that proves to whoever knows the log’s key that the ledger wrote it down; it is checked without this service. There is one ten seconds after the event. It says all that its event says, and so there is none of other rows: the event of a charge names channel and upstream, that of an adjustment who made it.',
  ...answersFile,
  input: z.object(rowInput),
  failures: [noSuchRow, ...failureRows('figure_not_found', 'receipts_off', 'not_signed_yet')],
  handle: async ({ id }, context) => {
    const { reads } = ownAccount(context);
    const row = await rowOf(reads, id);
    if (row.type !== 'topup' && row.type !== 'refund') throw rowNotFound();
    return receiptFile(row.reference, reads.receipt(row));
  },
});

export const ownLogEndpoints: readonly BoundEndpoint[] = [list, exportLogs, view, receipt];
