import type pg from 'pg';

/** Numbers of users and tokens from PostgreSQL's sequences: never given twice, though some are skipped. */
export function createNumericIds(pool: pg.Pool): {
  nextUserId(): Promise<number>;
  nextTokenId(): Promise<number>;
} {
  const next = async (sequence: 'user_ids' | 'token_ids'): Promise<number> => {
    const { rows } = await pool.query<{ id: bigint }>({
      name: `next-${sequence}`,
      text: `SELECT nextval('${sequence}') AS id`,
    });
    return Number(rows[0]?.id);
  };
  return { nextUserId: () => next('user_ids'), nextTokenId: () => next('token_ids') };
}

/** For a process that writes charges: below WRITER_LANES, and another one than that of those which started lately. */
export async function nextWriterLane(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ lane: bigint }>("SELECT nextval('writer_lanes') AS lane");
  return Number(rows[0]?.lane);
}

/** Users and tokens from 1 to `count` were numbered by somebody else: the next one gets a higher number. */
export async function skipNumericIds(pool: pg.Pool, count: number): Promise<void> {
  await pool.query(
    `SELECT setval('user_ids', greatest($1, (SELECT last_value FROM user_ids))),
            setval('token_ids', greatest($1, (SELECT last_value FROM token_ids)))`,
    [count],
  );
}
