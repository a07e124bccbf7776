import type { EventStore } from '../../eventstore/event-store.js';
import type { Seals } from '../../eventstore/seals.js';
import { WrongLog } from '../../eventstore/wrong-log.js';
import type { CommandMeta } from '../handling/command.js';
import type { LedgerInstance, LogKind } from './expected-log.js';
import { foundLedger } from './found-ledger.js';
import { assertKind, readLedger } from './recognise-log.js';
import { readSealings } from './sealings.js';
import { tellLedger } from './tell-ledger.js';

export interface Acceptance {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly kind: LogKind;
  /** Where what the log says of itself is to be sealed by them. */
  readonly seals?: Seals;
  readonly instance: LedgerInstance;
  /** Makes a database that has had no log that of another ledger. Answers whether it may. */
  readonly adopt: (ledgerId: string) => Promise<boolean>;
  readonly noteLog: (log: { readonly kind: LogKind; readonly generation: number }) => Promise<void>;
  readonly newId: () => string;
  readonly now: () => Date;
}

/**
 * A person says that this log, as it is, is the ledger's from now on: an older copy of it, or, for a database that has had none, the one
 * that is there. Raises the generation, so that what was made of events that the log does not have is left aside.
 *
 * @returns the new generation
 * @throws WrongLog when it is another ledger's, LedgerUnavailable, EventStoreUnavailable
 */
export async function acceptLog(acceptance: Acceptance, reason: string, meta: CommandMeta): Promise<number> {
  const { store, kind, seals, instance, adopt, noteLog, now } = acceptance;
  assertKind(instance, kind);
  let found = await readLedger(store);
  if (!found) {
    await foundLedger(store, { ledgerId: instance.ledgerId, foundedAt: now().toISOString() });
    found = await readLedger(store);
  }
  if (!found) throw new Error('the log does not keep what is appended to it');
  if (found.ledgerId !== instance.ledgerId && !(await adopt(found.ledgerId))) {
    throw new WrongLog(
      'another-ledger',
      `expected the log of ledger ${instance.ledgerId}; found that of ledger ${found.ledgerId}: another ledger's log is never this one's.`,
    );
  }
  await readSealings(store, seals);
  const generation = await raiseGeneration(acceptance, reason, meta);
  await noteLog({ kind, generation });
  return generation;
}

async function raiseGeneration(
  { store, instance, newId }: Acceptance,
  reason: string,
  meta: CommandMeta,
): Promise<number> {
  const command = { type: 'accept' as const, above: instance.generation, reason, by: meta.actor };
  const { state } = await tellLedger({ store, newId }, 'accept-log', command, meta);
  return state?.generation ?? 0;
}
