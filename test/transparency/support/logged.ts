import { randomUUID } from 'node:crypto';
import type { EventStore } from '../../../src/eventstore/event-store.js';
import { createPostgresEventStore } from '../../../src/eventstore/postgres/postgres-event-store.js';
import { createTransparencyKeys } from '../../../src/stores/transparency-keys.js';
import { createKeyring } from '../../../src/support/keyring.js';
import { createLeafMaker } from '../../../src/transparency/leaf-entry.js';
import { ensureSigners, signersOf, verifiersOf } from '../../../src/transparency/signing-keys.js';
import { TransparencyLog, type TransparencyLogOptions } from '../../../src/transparency/transparency-log.js';
import { createTestDatabase } from '../../support/postgres.js';

export const ORIGIN = 'ledger.example/transparency';
const MASTER_KEY = Buffer.alloc(32, 9);

/** A log and a tree of it in one database, and what programs that work on them begin with. */
export async function createLogged() {
  const database = await createTestDatabase();
  const { pool } = database;
  const store: EventStore = createPostgresEventStore({
    connectionString: database.url,
    applicationName: 'counterfoil test',
  });
  const keyring = createKeyring(MASTER_KEY);
  const keys = createTransparencyKeys(pool, keyring);
  const leaves = createLeafMaker(keyring.transparencyKey);
  await ensureSigners(keys, ORIGIN, new Date());
  const options: TransparencyLogOptions = {
    pool,
    store,
    leaves,
    isOfLogAlone: (stream) => stream === 'log',
    signers: () => signersOf(keys),
    verifiers: () => verifiersOf(keys),
    now: () => new Date(),
  };
  return {
    ...options,
    database,
    keys,
    /** A program that was started anew. */
    start: (other: Partial<TransparencyLogOptions> = {}) => new TransparencyLog({ ...options, ...other }),
    /** Appends so many events to a stream of its own. */
    given: async (count: number, stream = `payment-${randomUUID()}`): Promise<string> => {
      for (let at = 0; at < count; at += 100) {
        const events = Array.from({ length: Math.min(100, count - at) }, (_, index) => ({
          id: randomUUID(),
          type: 'payment-credited.v1',
          data: { amount_usd: String(at + index) },
          metadata: { actor: 'test' },
        }));
        const expected = at === 0 ? ('no-stream' as const) : BigInt(at - 1);
        const { outcome } = await store.append([{ stream, expected, events }]);
        if (outcome !== 'appended') throw new Error(outcome);
      }
      return stream;
    },
    /** As somebody with SQL does. */
    tamper: async (statement: string): Promise<void> => {
      await pool.query('ALTER TABLE events DISABLE TRIGGER USER');
      await pool.query(statement);
      await pool.query('ALTER TABLE events ENABLE TRIGGER USER');
    },
    close: async (): Promise<void> => {
      await store.close();
      await database.drop();
    },
  };
}
