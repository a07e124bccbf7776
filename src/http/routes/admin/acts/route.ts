import { z } from 'zod';
import { BYTE_ORDER_MARK, csvLine } from '../../../../support/csv-text.js';
import type { AdminContext } from '../../../area-contexts.js';
import { cursorData, cursorInput, cursorPage } from '../../../cursor.js';
import { type BoundEndpoint, endpoint } from '../../../endpoint.js';
import { exported, exportsBusy } from '../../../exports-at-once.js';
import { ledgerTimeIso } from '../../../ledger-days.js';
import { act, changesOf, exampleAct, filterInput, filterOf, presentAct, type ToldAct } from './schema.js';

const ofActs = { method: 'get', area: 'admin', access: 'acts:read', refusals: [] } as const;

const list = endpoint({
  ...ofActs,
  path: '/acts',
  operationId: 'adminListActs',
  summary: 'List what operators did',
  description:
    'Every event of an operator, or of whoever was at the machine (`cli`), the newest first: what it was and is, why, and in which request.',
  input: z.object({ ...filterInput, ...cursorInput }),
  data: z.object({ acts: z.array(act), ...cursorData }),
  example: { data: { acts: [exampleAct], next_cursor: null, total: 1, total_capped: false } },
  handle: async (input, { admin, settings }) => {
    const filter = filterOf(input, settings.timezone);
    const { rows, page } = await cursorPage(
      input,
      ({ position }: ToldAct) => position,
      (some) => admin.acts.list(filter, some),
      (most) => admin.acts.count(filter, most),
    );
    return { data: { acts: rows.map(presentAct), ...page } };
  },
});

const CSV = 'text/csv; charset=utf-8';
const ROWS_A_PAGE = 200;
const columns = ['id', 'time', 'actor', 'type', 'stream', 'changes', 'reason', 'request_id'] as const;

const cells = (told: ToldAct, timezone: string) => [
  told.position,
  ledgerTimeIso(told.recordedAt, timezone),
  told.actor,
  told.type,
  told.stream,
  changesOf(told.change)
    .map(({ fact, before, after }) => `${fact}: ${before ?? '-'} -> ${after ?? '-'}`)
    .join('; '),
  told.change.reason,
  told.change.request_id,
];

/** Page by page: what comes meanwhile is newer than where it begins. */
async function* csv(
  acts: AdminContext['admin']['acts'],
  filter: ReturnType<typeof filterOf>,
  timezone: string,
): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(columns);
  for (let before: bigint | undefined; ;) {
    const rows = await acts.list(filter, { before, limit: ROWS_A_PAGE });
    if (rows.length > 0) yield rows.map((row) => csvLine(cells(row, timezone))).join('');
    before = rows.at(-1)?.position;
    if (rows.length < ROWS_A_PAGE) return;
  }
}

const exportActs = endpoint({
  ...ofActs,
  path: '/acts/export',
  operationId: 'adminExportActs',
  summary: 'Write what operators did as CSV',
  description:
    'All that the filter finds, the newest first, as it is read; for spreadsheets, so cells that begin like formulas have an apostrophe before them. A response that breaks off is not complete.',
  input: z.object(filterInput),
  data: z.string(),
  answersText: [CSV],
  failures: [exportsBusy],
  example: { data: '' },
  handle: (input, { admin, settings }) => {
    const { timezone } = settings;
    const pieces = csv(admin.acts, filterOf(input, timezone), timezone);
    const headers = { 'Content-Disposition': 'attachment; filename="acts.csv"' };
    return Promise.resolve(exported({ mediaType: CSV, pieces, headers }));
  },
});

export const actEndpoints: readonly BoundEndpoint[] = [list, exportActs];
