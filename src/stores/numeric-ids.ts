import type pg from 'pg';

/** The highest numbers of users and tokens that the log names. */
interface Given {
  readonly userId: number;
  readonly tokenId: number;
}

/**
 * Numbers of users and tokens from PostgreSQL's sequences: never given twice, though some are skipped.
 *
 * A sequence is put back with its database, and a log that is kept elsewhere is not. Behind a new connection an older copy may stand; so
 * the first number that is drawn on it comes after the sequences have passed what was given.
 */
export function createNumericIds(
  pool: pg.Pool,
  given: (connection: Pick<pg.ClientBase, 'query'>) => Promise<Given>,
): {
  nextUserId(): Promise<number>;
  nextTokenId(): Promise<number>;
} {
  const known = new WeakSet<pg.PoolClient>();
  const next = async (sequence: 'user_ids' | 'token_ids'): Promise<number> => {
    const connection = await pool.connect();
    try {
      if (!known.has(connection)) await passNumbers(connection, await given(connection));
      known.add(connection);
      const { rows } = await connection.query<{ id: bigint }>({
        name: `next-${sequence}`,
        text: `SELECT nextval('${sequence}') AS id`,
      });
      return Number(rows[0]?.id);
    } finally {
      connection.release();
    }
  };
  return { nextUserId: () => next('user_ids'), nextTokenId: () => next('token_ids') };
}

/** For a process that writes charges: below WRITER_LANES, and another one than that of those which started lately. */
export async function nextWriterLane(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ lane: bigint }>("SELECT nextval('writer_lanes') AS lane");
  return Number(rows[0]?.lane);
}

/**
 * Lets the sequences pass what was given, before anybody draws. Answers how many numbers of each they lacked: more than none means that
 * this database was put back behind its log.
 */
export async function passNumbersGiven(
  pool: pg.Pool,
  given: (connection: Pick<pg.ClientBase, 'query'>) => Promise<Given>,
): Promise<{ readonly users: number; readonly tokens: number }> {
  return passNumbers(pool, await given(pool));
}

/** Users and tokens from 1 to `count` were numbered by somebody else: the next one gets a higher number. */
export async function skipNumericIds(pool: pg.Pool, count: number): Promise<void> {
  await passNumbers(pool, { userId: count, tokenId: count });
}

/** Draws what lies between: a sequence that is set may be put back behind a number which somebody draws at the same time. */
async function passNumbers(db: Pick<pg.ClientBase, 'query'>, { userId, tokenId }: Given) {
  const { rows } = await db.query<{ users: bigint; tokens: bigint }>(
    `SELECT (SELECT count(nextval('user_ids'))
             FROM user_ids, generate_series(1, $1 - CASE WHEN is_called THEN last_value ELSE 0 END)) AS users,
            (SELECT count(nextval('token_ids'))
             FROM token_ids, generate_series(1, $2 - CASE WHEN is_called THEN last_value ELSE 0 END)) AS tokens`,
    [userId, tokenId],
  );
  return { users: Number(rows[0]?.users ?? 0), tokens: Number(rows[0]?.tokens ?? 0) };
}
