import { chmod, open, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { renameDurably } from '../../support/durable-folder.js';
import { type BudgetKey, MOST_BUDGETS, type OpenHold } from '../cached-balance.js';

/** Where the twin keeps its open holds against a kill -9 or a power cut, so that a partly delivered stream is never lost silently. */
export interface LeaseJournal {
  /** Open holds of an earlier process that did not resolve them. */
  readonly leftovers: readonly OpenHold[];
  /** Replaces what is on disk. One call at a time. Rejects when it could not be written. */
  save(holds: readonly OpenHold[]): Promise<void>;
}

const decimal = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(BigInt);
const budgetKey = z.custom<BudgetKey>(
  (key) => typeof key === 'string' && /^(account|token|budget):/.test(key),
);
const holdRow = z.object({
  hold_id: z.string(),
  budgets: z.array(budgetKey).min(1).max(MOST_BUDGETS),
  granted: decimal,
  context: z.string(),
  delivered_tokens: z.int().min(0),
  lease_expires_at_ms: z.number(),
  settled: z.object({ charge: decimal, position: decimal }).optional(),
});
const journalFile = z.object({ format: z.literal(1), holds: z.array(holdRow) });

/**
 * Opens the journal at a path, and reads what an earlier process left there. The file holds no secrets, but whose calls were
 * open: mode 0600.
 *
 * @throws Error naming the file when it cannot be read or is not a journal: what it says about unpaid calls must not be ignored.
 */
export async function openLeaseJournal(path: string): Promise<LeaseJournal> {
  const leftovers = await readHolds(path);
  return { leftovers, save: (holds) => saveHolds(path, holds) };
}

async function readHolds(path: string): Promise<readonly OpenHold[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    return journalFile.parse(JSON.parse(text)).holds.map(toHold);
  } catch (cause) {
    throw new Error(`${path} is not a journal of open holds; look at it, then move it away`, { cause });
  }
}

async function saveHolds(path: string, holds: readonly OpenHold[]): Promise<void> {
  if (holds.length === 0) return rm(path, { force: true });
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify({ format: 1, holds: holds.map(toRow) }));
    await file.datasync();
  } finally {
    await file.close();
  }
  // The mode above counts only for a file that did not exist.
  await chmod(draft, 0o600);
  await renameDurably(draft, path);
}

function toHold(row: z.output<typeof holdRow>): OpenHold {
  const { hold_id: holdId, budgets, granted, context, settled } = row;
  const hold = { holdId, budgets, granted, context, deliveredTokens: row.delivered_tokens };
  return { ...hold, leaseExpiresAtMs: row.lease_expires_at_ms, ...(settled ? { settled } : {}) };
}

function toRow({ settled, ...hold }: OpenHold): z.input<typeof holdRow> {
  return {
    hold_id: hold.holdId,
    budgets: [...hold.budgets],
    granted: hold.granted.toString(),
    context: hold.context,
    delivered_tokens: hold.deliveredTokens,
    lease_expires_at_ms: hold.leaseExpiresAtMs,
    ...(settled && {
      settled: { charge: settled.charge.toString(), position: settled.position.toString() },
    }),
  };
}
