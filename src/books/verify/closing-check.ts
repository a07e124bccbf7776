import type { EventStore } from '../../eventstore/event-store.js';
import type { Queryable } from '../../projections/runtime/projection.js';
import { keptTotals, keptTrees } from '../../transparency/liability/sum-tables.js';
import { type Commitment, commitments, isAsCommitted } from '../closings/commitments.js';
import { faultInKept } from '../closings/kept-trees.js';
import { type Check, Finding } from './check.js';

/** What the check is called. */
export const CLOSINGS = 'trees of what was owed';

/**
 * Holds the trees that proofs of balances are made of against what the log says was closed: of each what it comes to, and those of the newest
 * closing from their leaves up. A proof of an older one is checked before anybody gets it. Undefined where no trees are kept.
 */
export async function checkClosings(
  tx: Queryable,
  store: Pick<EventStore, 'readStream'>,
): Promise<Check | undefined> {
  const kept = await keptTrees(tx);
  if (kept.length === 0) return undefined;
  const closings = new Map<string, Commitment>();
  for await (const commitment of commitments(store)) closings.set(commitment.as_of, commitment);
  const finding = new Finding(CLOSINGS);
  const [newest] = closings.keys();
  for (const asOf of kept) {
    finding.compared += 1;
    const fault = await faultIn(tx, closings.get(asOf), asOf === newest);
    if (fault !== undefined) finding.differ(asOf, null, 'the trees that were closed', fault);
  }
  return finding;
}

async function faultIn(
  tx: Queryable,
  closing: Commitment | undefined,
  fromLeaves: boolean,
): Promise<string | undefined> {
  if (!closing) return 'trees that nobody has closed';
  const told = (fault: string): string => `${fault}: others; a projector makes them anew, or liability prove`;
  if (fromLeaves) {
    const fault = await faultInKept(tx, closing);
    return fault === undefined ? undefined : told(fault);
  }
  const totals = await keptTotals(tx, closing.as_of);
  return totals && totals.entries === closing.entries && isAsCommitted(totals, closing)
    ? undefined
    : told('their totals');
}
