import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { type Foundation, openFoundation } from '../../src/compose/ledger.js';
import { rotateMasterKey } from '../../src/compose/rotation.js';
import { sealsOf } from '../../src/compose/seals.js';
import { ShutdownList } from '../../src/compose/shutdown.js';
import { transparencyParts } from '../../src/compose/transparency.js';
import { readConfig } from '../../src/config.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { ensureSigners } from '../../src/transparency/signing-keys.js';
import { TransparencyLog } from '../../src/transparency/transparency-log.js';
import { anEvent, append } from '../support/events.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { readWholeLog } from '../support/whole-log.js';

// What the database says of its ledger, by column: of a ledger with a log, signed, whose master key was rotated.

const [first, second] = [1, 2].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer];
const silent = pino({ level: 'silent' });

/** A box that some other key opens. */
const FOREIGN = `jsonb_set(former_seal_keys, '{box}', '"${Buffer.alloc(80, 7).toString('base64')}"')`;
const SIGNS = 'starts, and signs what was signed';

const columns: readonly (readonly [column: string, to: string, told: RegExp | string])[] = [
  ['id', 'gen_random_uuid()', /expected the log of ledger .*; found that of ledger/],
  ['master_key_fingerprint', `reverse(master_key_fingerprint)`, /begun with another master key/],
  ['rotating_to', `'0011223344556677'`, /rotation of the master key was begun and is not finished/],
  ['name_key', 'NULL', /name_key of ledger_instance is empty: it was changed/],
  ['name_key', 'former_seal_keys', /name_key of ledger_instance does not open with this master key/],
  ['former_seal_keys', 'NULL', /its seal is of a key \(.*\) that is none of this ledger's/],
  ['former_seal_keys', FOREIGN, /former_seal_keys of ledger_instance does not open with this master key/],
  ['log_kind', `'eventstoredb'`, /is kept in EventStoreDB, but this process was told to use PostgreSQL/],
  // As a database that has not seen its log yet: the log says whose it is, and it is written down again.
  ['log_kind', 'NULL', SIGNS],
  ['generation', 'generation + 1', /expected generation 1 of the log .*; found generation 0/],
  // As of a database from before: the log knows better, and it is written down again.
  ['generation', 'generation - 1', SIGNS],
  // Nobody reads it.
  ['created_at', `created_at + interval '1 day'`, SIGNS],
];

describe('what the database says of its ledger', () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-instance-'));
    await within(first, async (foundation) => {
      await append(foundation.store, anEvent('account-registered'));
    });
    const { pool, url } = database;
    const store = createPostgresEventStore({ connectionString: url, seals: sealsOf(second) });
    await rotateMasterKey({ pool, store, oldKey: first, newKey: second, newId: randomUUID });
    await store.close();
    await within(second, async (foundation) => {
      await append(foundation.store, anEvent('balance-adjusted'));
      await ensureSigners(transparencyParts(foundation).keys, 'ledger.example/transparency', new Date());
      await new TransparencyLog(transparencyParts(foundation)).advance();
    });
    await pool.query('CREATE TABLE true_instance AS TABLE ledger_instance');
  });
  afterAll(async () => {
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  });

  async function within(masterKey: Buffer, work: (foundation: Foundation) => Promise<void>): Promise<void> {
    const shutdown = new ShutdownList(silent);
    const config = readConfig({
      ...{ DATABASE_URL: database.url, MASTER_KEY: masterKey.toString('base64') },
      ...{ DATA_DIR: folder, EXTERNAL_API_AUTH: 'open', SEALED_LOG: 'new' },
    });
    try {
      await work(await openFoundation({ config, log: silent, shutdown }));
    } finally {
      await shutdown.run();
    }
  }

  /** What a process says that starts, reads its log and goes on with its signatures. */
  const started = async (): Promise<string> => {
    const signing = async (foundation: Foundation): Promise<void> => {
      await readWholeLog(foundation.store);
      await new TransparencyLog(transparencyParts(foundation)).advance();
    };
    return within(second, signing).then(
      () => SIGNS,
      (error: Error) => error.message,
    );
  };

  it('is right before', async () => {
    expect(await started()).toBe(SIGNS);
  });

  it.each(columns)('and says in %s: %s', async (column, to, told) => {
    await database.pool.query(`UPDATE ledger_instance SET ${column} = ${to}`);
    try {
      expect(await started()).toEqual(typeof told === 'string' ? told : expect.stringMatching(told));
    } finally {
      await database.pool.query(
        'DELETE FROM ledger_instance; INSERT INTO ledger_instance TABLE true_instance',
      );
    }
  });

  it('is not there: a start begins no other ledger beside its log', async () => {
    await database.pool.query('DELETE FROM ledger_instance');
    expect(await started()).toMatch(/found that of ledger/);
    await database.pool.query('DELETE FROM ledger_instance; INSERT INTO ledger_instance TABLE true_instance');
  });

  it('is tried column by column', async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      `SELECT attname AS name FROM pg_attribute
       WHERE attrelid = 'ledger_instance'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'singleton'`,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual([...new Set(columns.map(([name]) => name))].sort());
  });
});
