import type { LogSeals } from '../books/verify/seal-check.js';
import type { LogGuard } from '../commands/ledger/log-guard.js';
import { Seals } from '../eventstore/seals.js';
import { openFormerSealKeys, readKeyState } from '../stores/ledger-instance.js';
import type { ComparedClock } from '../support/compared-clock.js';
import { createKeyring } from '../support/keyring.js';
import { createSealKey } from '../support/seal-key.js';
import type { Database } from './database.js';

type Opened = Pick<Database, 'pool'> & { readonly clock: Pick<ComparedClock, 'now'> };

/** What events are sealed by under a master key that was verified, and what those of before are known by. */
export async function openSeals({ pool, clock }: Opened, masterKey: Uint8Array): Promise<Seals> {
  const state = await readKeyState(pool);
  const former = state ? openFormerSealKeys(masterKey, state) : [];
  return new Seals(
    createSealKey(createKeyring(masterKey).eventSealKey),
    former.map(createSealKey),
    clock.now,
  );
}

/** Seals alone: for a log that nothing is read from but what it says of itself. */
export const sealsOf = (masterKey: Uint8Array, clock?: Pick<ComparedClock, 'now'>): Seals =>
  new Seals(createSealKey(createKeyring(masterKey).eventSealKey), [], clock?.now);

/** By what the log of a ledger that was opened is sealed, and from where on. */
export const sealsOfLog = ({
  seals,
  guard,
}: {
  readonly seals: Seals;
  readonly guard: LogGuard;
}): LogSeals => ({
  seals,
  sealings: guard.ledger?.sealings ?? [],
});
