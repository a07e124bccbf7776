import pg from 'pg';

export interface PoolOptions {
  readonly connectionString: string;
  /** Connections at most; further callers wait `connectionTimeoutMs`. */
  readonly max: number;
  /** As seen in pg_stat_activity: the role of the process that asks. */
  readonly applicationName: string;
  /** The server ends a statement after this, and we stop waiting for it a second later; default 30,000. */
  readonly statementTimeoutMs?: number;
  /** Longest wait for a connection, free or new; default 5,000. */
  readonly connectionTimeoutMs?: number;
  /** Called for an idle connection that broke. The pool replaces it by itself. */
  readonly onError?: (error: Error) => void;
  /** Asked of every new connection before anybody may use it; one that is refused is closed, and whoever wanted it gets the reason. */
  readonly admit?: ((connection: pg.ClientBase) => Promise<void>) | undefined;
}

const INT8_OID: number = pg.types.builtins.INT8;
const DATE_OID: number = pg.types.builtins.DATE;

/**
 * Only for our own pools: int8 is `bigint`, a date stays the text `yyyy-mm-dd` (as a Date it would move with the process's time
 * zone). numeric stays a string as it is.
 */
const exactTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): ((text: string) => unknown) => {
    if (format !== 'binary' && oid === INT8_OID) return BigInt;
    if (format !== 'binary' && oid === DATE_OID) return String;
    return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
  },
};

/** The pool waits for what the hook answers, though its type does not say so. */
const waitedFor = (admit: NonNullable<PoolOptions['admit']>) => admit as (connection: pg.ClientBase) => void;

const SILENCE_AFTER_TIMEOUT_MS = 1_000;

/** A pool that never crashes the process, never waits for ever, and reads int8 as `bigint`. */
export function createPool(options: PoolOptions): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.max,
    application_name: options.applicationName,
    statement_timeout: statementTimeoutMs,
    // Only for a server that does not even say that the time is over: its network is gone, or it is frozen.
    query_timeout: statementTimeoutMs + SILENCE_AFTER_TIMEOUT_MS,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 5_000,
    // A transaction whose process hangs must not hold its locks for ever.
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    types: exactTypes,
    ...(options.admit && { onConnect: waitedFor(options.admit) }),
  });
  pool.on('error', options.onError ?? (() => undefined));
  // A connection that breaks while it is lent out tells its borrower; without this listener it would also end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Runs `fn` in one transaction (read committed) on one connection: commits when it resolves, rolls back when it rejects. */
export async function withTransaction<T>(
  pool: pg.Pool,
  fn: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await fn(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}
