import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { ShutdownList } from './shutdown.js';

/** Any fixed number; it names the lock in the database. */
const LOCK_ID = 7_031_955_401;
const RETRY_MS = 100;
/** The server notices within this that a killed process is gone. */
const PATIENCE_MS = 10_000;

/**
 * Balances kept in a process's memory are exact only while it is the one that places holds. The lock lives as long as its
 * connection; when that breaks, `onLost` is called and the process must not go on.
 *
 * @throws Error when another process has the lock
 */
export async function beTheOnlyProcess(
  connectionString: string,
  shutdown: ShutdownList,
  onLost: (error: Error) => void,
): Promise<void> {
  const connection = new pg.Client({
    connectionString,
    application_name: 'counterfoil single process',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  let expected = false;
  connection.on('error', (error) => expected || onLost(error));
  connection.on('end', () => expected || onLost(new Error('the connection ended')));
  await connection.connect();
  shutdown.add('single process lock', () => {
    expected = true;
    return connection.end();
  });
  for (const deadlineMs = Date.now() + PATIENCE_MS; !(await tryLock(connection)); await wait(RETRY_MS)) {
    if (Date.now() > deadlineMs) {
      throw new Error(
        'another process keeps the balances of this database in its memory; set REDIS_URL in both to share them',
      );
    }
  }
}

async function tryLock(connection: pg.Client): Promise<boolean> {
  const { rows } = await connection.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
    LOCK_ID,
  ]);
  return rows[0]?.taken === true;
}
