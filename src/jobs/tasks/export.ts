import { exportJournal, journalFormats } from '../../books/export/export-journal.js';
import { withCurrentSnapshot } from '../../books/audit/snapshot.js';
import { parsePeriod } from '../../support/period.js';
import type { JobInput, TaskContext, TaskResult } from '../job.js';

type ExportInput = Extract<JobInput, { type: 'export' }>;

const CAUGHT_UP_MS = 10_000;

const files = {
  hledger: ['journal.hledger', 'text/plain; charset=utf-8'],
  csv: ['journal.csv', 'text/csv; charset=utf-8'],
  ndjson: ['journal.ndjson', 'application/x-ndjson; charset=utf-8'],
} as const satisfies Readonly<Record<keyof typeof journalFormats, readonly [name: string, type: string]>>;

/** @throws RangeError for a period that is none */
export function checkExport({ from, to }: ExportInput, { timezone }: Pick<TaskContext, 'timezone'>): void {
  parsePeriod(from, to, timezone);
}

/** `counterfoil export`: the same bytes. */
export async function runExport(
  { format, from, to }: ExportInput,
  { pool, store, openTexts, timezone, report }: TaskContext,
): Promise<TaskResult> {
  await withCurrentSnapshot(pool, store, CAUGHT_UP_MS, () => Promise.resolve());
  const [name, mediaType] = files[format];
  const pieces = exportJournal(pool, {
    format: journalFormats[format],
    period: parsePeriod(from, to, timezone),
    timezone,
    openTexts,
    onProgress: (entries) => report({ done: BigInt(entries) }),
  });
  return { outcome: { clean: true }, file: { name, mediaType, pieces } };
}
