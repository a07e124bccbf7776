import type pg from 'pg';
import type { Keyring } from '../support/keyring.js';

/** The database was begun with another master key: nothing sealed in it would open, and no key in it would be found. */
export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey';
}

/**
 * Compares the master key with the one this database was begun with; the first program to come writes it down.
 *
 * @returns the ledger's own id, a UUID
 * @throws WrongMasterKey
 */
export async function verifyMasterKey(
  pool: pg.Pool,
  { fingerprint }: Pick<Keyring, 'fingerprint'>,
): Promise<string> {
  await pool.query(
    'INSERT INTO ledger_instance (master_key_fingerprint) VALUES ($1) ON CONFLICT (singleton) DO NOTHING',
    [fingerprint],
  );
  const { rows } = await pool.query<{ id: string; master_key_fingerprint: string }>(
    'SELECT id, master_key_fingerprint FROM ledger_instance',
  );
  const [instance] = rows;
  if (!instance || instance.master_key_fingerprint !== fingerprint) {
    throw new WrongMasterKey(
      'This database was begun with another master key. Start with that key; without it, personal data and keys cannot be read.',
    );
  }
  return instance.id;
}
