import type pg from 'pg';

/** Another program is writing a backup of this ledger. */
export class AnotherBackup extends Error {
  override readonly name = 'AnotherBackup';
}

const LOCK = `hashtext('counterfoil backup'), 0`;

/** One backup at a time: two into one folder would write the same files. @throws AnotherBackup */
export async function alone<T>(pool: pg.Pool, run: () => Promise<T>): Promise<T> {
  const guard = await pool.connect();
  let broken: Error | undefined;
  try {
    const { rows } = await guard.query<{ locked: boolean }>(`SELECT pg_try_advisory_lock(${LOCK}) AS locked`);
    if (!rows[0]?.locked) throw new AnotherBackup('another backup of this ledger is being written');
    return await run();
  } finally {
    // Only backups take such locks on this connection.
    await guard.query('SELECT pg_advisory_unlock_all()').catch((error: Error) => (broken = error));
    guard.release(broken);
  }
}
