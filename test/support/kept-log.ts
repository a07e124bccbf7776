import { foundLedger } from '../../src/commands/ledger/found-ledger.js';
import { verifyMasterKey } from '../../src/stores/ledger-instance.js';
import { createKeyring } from '../../src/support/keyring.js';
import type { Ledger } from '../projections/projector-setup.js';
import { eventually } from './eventually.js';
import { readWholeLog } from './whole-log.js';

/**
 * Puts a ledger's log, which a test wrote in memory at times of its choice, into the ledger's database as it is, founded: a command finds
 * the log there that the tables were made of. To be called when all of it is written.
 */
export async function keepLogInDatabase(
  { store, database: { pool } }: Pick<Ledger, 'store' | 'database'>,
  masterKey: Buffer,
): Promise<void> {
  const ledgerId = await verifyMasterKey(pool, createKeyring(masterKey));
  await foundLedger(store, { ledgerId, foundedAt: '2026-10-01T00:00:00Z' });
  const head = await store.head();
  await eventually(async () => {
    const behind = `SELECT 1 FROM projection_checkpoints WHERE slot = 'live' AND position < ${head}`;
    return (await pool.query(behind)).rows.length === 0;
  });
  for (const event of await readWholeLog(store)) {
    const { position, stream, revision, id, type, data, metadata, recordedAt } = event;
    await pool.query(
      `INSERT INTO events (position, stream, revision, id, type, data, metadata, recorded_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [position, stream, revision, id, type, data, metadata, recordedAt],
    );
  }
  await pool.query('UPDATE log_head SET position = $1', [head]);
}
