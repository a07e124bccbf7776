import { withCurrentSnapshot } from '../../books/audit/snapshot.js';
import { prepareReconciliation, type ReconciliationRequest } from '../../books/reconcile/reconciliation.js';
import type { Report } from '../../books/reconcile/reconciliation-report.js';
import { reportShapes } from '../../books/reconcile/report-formats.js';
import { JobFault } from '../faults.js';
import type { JobInput, TaskContext, TaskResult } from '../job.js';

type ReconcileInput = Extract<JobInput, { type: 'reconcile' }>;

const CAUGHT_UP_MS = 10_000;
/** Of each class, in the outcome; the file has all. */
const MOST_ROWS = 50;

const mediaTypes = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  table: 'text/plain; charset=utf-8',
} as const;

/** @throws RangeError, WrongFile, JobFault */
export async function checkReconciliation(
  input: ReconcileInput,
  context: Pick<TaskContext, 'openFile' | 'timezone'>,
): Promise<void> {
  await prepared(input, context);
}

async function prepared(
  input: ReconcileInput,
  { openFile, timezone }: Pick<TaskContext, 'openFile' | 'timezone'>,
) {
  const paths: string[] = [];
  for (const file of input.files) paths.push(await openFile(file));
  const [path, ...morePaths] = paths;
  if (path === undefined) throw new JobFault('a file is needed');
  if (input.against === 'psp' && morePaths.length > 0)
    throw new JobFault('a payment provider has one file of a period');
  const request: ReconciliationRequest = { ...input, path, morePaths };
  return prepareReconciliation(request, timezone);
}

/** `counterfoil reconcile`: the same bytes, and the classes of what was found. */
export async function runReconciliation(input: ReconcileInput, context: TaskContext): Promise<TaskResult> {
  const { store, pool, report } = context;
  const reconcile = await prepared(input, context);
  await withCurrentSnapshot(pool, store, CAUGHT_UP_MS, () => Promise.resolve());
  const made = await reconcile({ store, pool, onProgress: (events) => report({ done: BigInt(events) }) });
  return {
    outcome: {
      clean: made.isClean,
      facts: made.facts,
      totals: made.totals,
      columns: made.columns,
      classes: classesOf(made),
    },
    file: {
      name: `reconciliation.${input.report === 'table' ? 'txt' : input.report}`,
      mediaType: mediaTypes[input.report],
      pieces: reportShapes[input.report](made),
    },
  };
}

/** In the order of the report: what is worst comes first. */
function classesOf({ rows }: Report) {
  const names = [...new Set(rows.map((row) => row.class ?? ''))];
  return names.map((name) => {
    const of = rows.filter((row) => row.class === name);
    return { class: name, count: of.length, rows: of.slice(0, MOST_ROWS) };
  });
}
