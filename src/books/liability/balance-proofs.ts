import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import { issueReceipt } from '../../transparency/issue-receipt.js';
import type { LeafMaker } from '../../transparency/leaf-entry.js';
import type { AccountSalts } from '../../transparency/liability/account-salts.js';
import { balanceProofText, type ProvedLeaf } from '../../transparency/liability/balance-proof.js';
import { accountMark, leafNode, sumNode, SUMS } from '../../transparency/liability/sum-tree.js';
import { findLeaf, keptTotals, SIDES, sumTileReader } from '../../transparency/liability/sum-tables.js';
import { positionOfEntry } from '../../transparency/liability/entry-places.js';
import { Prover } from '../../transparency/proofs.js';
import { isIncluded } from '../../transparency/verify-proofs.js';
import { AuditRefused, BooksDisagree } from '../audit/faults.js';
import { withSnapshot } from '../audit/snapshot.js';
import { findOwner } from '../audit/tables.js';
import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import { type Commitment, findCommitment, isAsCommitted } from '../closings/commitments.js';

/** Whose balance, and as of when. */
export interface BalanceQuestion {
  readonly externalUserId: string;
  /** A day, or an instant, that was closed; default: the newest. */
  readonly asOf?: string | undefined;
}

export interface BalanceProofParts {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly leaves: Pick<LeafMaker, 'leafOf' | 'saltOf'>;
  readonly salts: AccountSalts;
}

/**
 * A proof that a balance is in what the ledger said it owed to all.
 * @returns the text of a `.tlog-proof`
 * @throws AuditRefused `account_not_found`, `figure_not_found`, `not_closed`, `not_signed_yet`; BooksDisagree where the log is not what was signed
 */
export async function proveBalance(
  { pool, store, leaves, salts }: BalanceProofParts,
  { externalUserId, asOf }: BalanceQuestion,
): Promise<string> {
  const commitment = await findCommitment(store, asOf);
  const leaf = await withSnapshot(pool, async ({ tx }) => {
    const owner = await findOwner(tx, externalUserId);
    const kept = commitment && (await keptTotals(tx, commitment.as_of));
    if (!commitment || !kept || !isAsCommitted(kept, commitment))
      throw new AuditRefused('not_closed', 'nothing was closed then, or it is not kept');
    return leafOf(tx, commitment, owner.account_id, salts);
  });
  if (!commitment || !leaf) throw new AuditRefused('figure_not_found', 'nothing had moved this account yet');
  const issued = await issueReceipt(pool, leaves, commitment.event);
  if (issued.kind === 'receipt') return balanceProofText(issued.parts, leaf);
  if (issued.kind === 'not-signed-yet')
    throw new AuditRefused('not_signed_yet', 'a checkpoint is signed every ten seconds');
  throw new BooksDisagree([
    {
      what: `what was closed as of ${commitment.as_of}`,
      recorded: 'what was signed',
      recomputed: 'something else',
    },
  ]);
}

/**
 * Undefined where nothing had moved the account. It is checked before anybody gets it: tables that were changed would give a proof that no
 * stranger believes, or say of who was left out that nothing had moved him.
 * @throws BooksDisagree
 */
async function leafOf(
  tx: Queryable,
  commitment: Commitment,
  accountId: string,
  salts: AccountSalts,
): Promise<ProvedLeaf | undefined> {
  const { as_of: asOf } = commitment;
  const salt = salts(asOf, accountId);
  for (const side of SIDES) {
    const name = { asOf, side };
    const found = await findLeaf(tx, name, accountMark(salt, accountId));
    if (!found) continue;
    const { quota, lastIndex, place } = found;
    const { accounts, root, quota: sum } = commitment[side];
    const prover = new Prover(accounts, sumTileReader(tx, name), SUMS);
    // A tile may be gone.
    const path = await prover.inclusion(place).catch(() => undefined);
    const head = { size: accounts, root: sumNode(Buffer.from(root, 'base64'), sum) };
    if (!path || !isIncluded(leafNode(found), place, head, path, SUMS)) throw spoiled(commitment);
    return { side, accountId, salt, quota, lastIndex, place, path };
  }
  if (await hadMoved(tx, accountId, commitment)) throw spoiled(commitment);
  return undefined;
}

async function hadMoved(tx: Queryable, accountId: string, { entries }: Commitment): Promise<boolean> {
  const { rows } = await tx.query(
    `SELECT 1 FROM ${schemaOf('journal')}.entries WHERE account_id = $1 AND position <= $2 LIMIT 1`,
    [accountId, await positionOfEntry(tx, entries - 1)],
  );
  return rows.length > 0;
}

const spoiled = ({ as_of: asOf }: Commitment): BooksDisagree =>
  new BooksDisagree([
    {
      what: `the trees that proofs of balances as of ${asOf} are made of (counterfoil liability prove makes them anew)`,
      recorded: 'others',
      recomputed: 'what was closed',
    },
  ]);
