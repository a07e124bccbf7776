import type pg from 'pg';
import { CODE_GUESSES_MOST, type CodeGuesses } from '../commands/handling/ports.js';
import { withTransaction } from '../postgres/pool.js';

const HOUR_MS = 3_600_000;

/** Counted under a lock of the account, so that of any number at once no more are answered than may be. */
export function createCodeGuesses(pool: pg.Pool): CodeGuesses {
  return {
    areTooMany: async (accountId, now) => (await guessesOf(pool, accountId, now)) >= CODE_GUESSES_MOST,
    count: (accountId, now) =>
      withTransaction(pool, async (tx) => {
        await tx.query(
          `SELECT pg_advisory_xact_lock(hashtext('counterfoil code guesses'), hashtext($1::uuid::text))`,
          [accountId],
        );
        await tx.query('DELETE FROM code_guesses WHERE guessed_at <= $1', [
          new Date(now.getTime() - HOUR_MS),
        ]);
        if ((await guessesOf(tx, accountId, now)) >= CODE_GUESSES_MOST) return false;
        await tx.query('INSERT INTO code_guesses (account_id, guessed_at) VALUES ($1, $2)', [accountId, now]);
        return true;
      }),
  };
}

/** In the last hour. */
async function guessesOf(db: Pick<pg.ClientBase, 'query'>, accountId: string, now: Date): Promise<number> {
  const { rows } = await db.query<{ guesses: string }>(
    'SELECT count(*) AS guesses FROM code_guesses WHERE account_id = $1 AND guessed_at > $2',
    [accountId, new Date(now.getTime() - HOUR_MS)],
  );
  return Number(rows[0]?.guesses ?? 0);
}
