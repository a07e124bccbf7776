import { withCurrentSnapshot } from '../../books/audit/snapshot.js';
import { digestBooks } from '../../books/digest/digest-books.js';
import { toJson } from '../../support/json-text.js';
import type { TaskContext, TaskResult } from '../job.js';

const CAUGHT_UP_MS = 10_000;

/** `counterfoil digest`: its JSON is the file. */
export async function runDigest({ pool, store }: TaskContext): Promise<TaskResult> {
  await withCurrentSnapshot(pool, store, CAUGHT_UP_MS, () => Promise.resolve());
  const digest = await digestBooks(pool);
  return {
    outcome: {
      ledger: digest.ledger.toString(),
      statistics: digest.statistics.toString(),
      tables: digest.tables.map(({ table, rows, digest: of }) => ({ table, rows: Number(rows), digest: of })),
    },
    file: {
      name: `digest-${digest.ledger}.json`,
      mediaType: 'application/json; charset=utf-8',
      pieces: [toJson(digest)],
    },
  };
}
