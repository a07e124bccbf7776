import type { ClosingParts } from '../../../src/books/liability/close-liability.js';
import { commitments } from '../../../src/books/closings/commitments.js';
import { createReceipts } from '../../../src/books/receipts.js';
import { commitLiability } from '../../../src/commands/liability/commit-liability.js';
import { createDayEnds } from '../../../src/compose/liability.js';
import { createMemoryEventStore } from '../../../src/eventstore/memory/memory-event-store.js';
import { ledgerProjections } from '../../../src/projections/all-projections.js';
import { journal } from '../../../src/projections/journal/projector.js';
import { catchUpTables } from '../../../src/projections/runtime/catch-up.js';
import { createTransparencyKeys } from '../../../src/stores/transparency-keys.js';
import { createKeyring } from '../../../src/support/keyring.js';
import { createAccountSalts } from '../../../src/transparency/liability/account-salts.js';
import { checkBalanceProof } from '../../../src/transparency/liability/balance-proof.js';
import { createLeafMaker } from '../../../src/transparency/leaf-entry.js';
import { ensureSigners, signersOf, verifiersOf } from '../../../src/transparency/signing-keys.js';
import { TransparencyLog } from '../../../src/transparency/transparency-log.js';
import { anEvent, append } from '../../support/events.js';
import { createTestDatabase } from '../../support/postgres.js';

/** A ledger whose clock stands, and is moved on. */
export async function createClocked(timeZone: string) {
  const database = await createTestDatabase({ readModels: timeZone === 'UTC' });
  const { pool } = database;
  let clock = new Date(0);
  const now = (): Date => clock;
  const store = createMemoryEventStore({ now });
  const keyring = createKeyring(Buffer.alloc(32, 7));
  const keys = createTransparencyKeys(pool, keyring);
  await ensureSigners(keys, 'ledger.example/transparency', now());
  const leaves = createLeafMaker(keyring.transparencyKey);
  const salts = createAccountSalts(keyring.transparencyKey);
  const signing = { signers: () => signersOf(keys), verifiers: () => verifiersOf(keys) };
  const tree = new TransparencyLog({ pool, store, leaves, ...signing, now, isOfLogAlone: () => false });
  const receipts = createReceipts({ pool, store, leaves, salts, isOn: true });
  const writing = {
    ...{ store, now, newId: crypto.randomUUID.bind(crypto), guards: { raiseGuards: async () => undefined } },
    timings: { deadlineMs: 10_000, unavailableAttempts: 3, baseDelayMs: 1, maxDelayMs: 10 },
  };
  const parts: ClosingParts = {
    ...{ pool, store, salts, timeZone, now },
    commit: async (committed) => void (await commitLiability(writing, committed, 'test')),
  };
  const raised: string[] = [];
  const alerts = {
    raise: ({ key }: { readonly key: string }) => Promise.resolve(raised.push(key) > 0),
    resolve: () => Promise.resolve(true),
  };
  let [asked, caughtUp] = [-1n, Promise.resolve()];
  const catchUp = async (): Promise<void> => {
    const head = await store.head();
    if (head > asked) [asked, caughtUp] = [head, catchUpTables(pool, store, 'ledger', ledgerProjections)];
    await caughtUp;
  };
  return {
    ...{ pool, store, parts, raised },
    at: (instant: string | number): void => void (clock = new Date(instant)),
    /** Events that are recorded now; tables and tree have them. */
    given: async (...quota: readonly bigint[]): Promise<void> => {
      for (const each of quota)
        await append(store, anEvent('balance-adjusted', { adjustment_id: crypto.randomUUID(), quota: each }));
    },
    registered: () => append(store, anEvent('account-registered')),
    /** What a day is closed of; whoever asks for a proof needs all tables. */
    advance: async (): Promise<void> => {
      await catchUpTables(pool, store, 'ledger', [journal]);
      await tree.advance();
    },
    /** A process that was started. */
    start: () => createDayEnds(parts, alerts),
    closings: async () => {
      const found: (readonly [day: string, quota: bigint])[] = [];
      for await (const { as_of: day, owed } of commitments(store)) found.unshift([day, owed.quota]);
      return found;
    },
    proved: async (asOf: string, externalUserId = 'user-1') => {
      await catchUp();
      const logKeys = (await signersOf(keys)).map(({ key }) => key);
      return checkBalanceProof(await receipts.ofBalance({ externalUserId, asOf }), { logKeys });
    },
    close: async (): Promise<void> => {
      await store.close();
      await database.drop();
    },
  };
}

export type Clocked = Awaited<ReturnType<typeof createClocked>>;
