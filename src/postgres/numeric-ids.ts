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
