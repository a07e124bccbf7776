import type pg from 'pg';

/** So many attempts at once, and one more each `refillMs`. */
export interface AttemptLimit {
  readonly burst: number;
  readonly refillMs: number;
}

export interface LoginAttempts {
  /** Takes one attempt of the subject's. @returns 0, or for how long (ms) there is none */
  take(subject: string, limit: AttemptLimit, now: Date): Promise<number>;
  /** Gives all attempts back, after a login that succeeded. */
  forget(subject: string): Promise<void>;
}

/** Counted in the database, so that all processes count together. A subject is forgotten once its attempts are all back. */
export function createLoginAttempts(pool: Pick<pg.Pool, 'query'>): LoginAttempts {
  return {
    take: async (subject, { burst, refillMs }, now) => {
      await pool.query('DELETE FROM login_attempts WHERE full_at <= $1', [now]);
      // One statement, so that attempts made at once are each counted. Nothing is written where there is no attempt left.
      const { rowCount } = await pool.query(
        `INSERT INTO login_attempts AS a (subject, full_at)
         VALUES ($1, $2::timestamptz + $3 * interval '1 millisecond')
         ON CONFLICT (subject) DO UPDATE
           SET full_at = greatest(a.full_at, $2::timestamptz) + $3 * interval '1 millisecond'
           WHERE greatest(a.full_at, $2::timestamptz) + $3 * interval '1 millisecond'
                 <= $2::timestamptz + $4 * interval '1 millisecond'`,
        [subject, now, refillMs, burst * refillMs],
      );
      if (rowCount === 1) return 0;
      const { rows } = await pool.query<{ full_at: Date }>(
        'SELECT full_at FROM login_attempts WHERE subject = $1',
        [subject],
      );
      const fullInMs = rows[0] ? rows[0].full_at.getTime() - now.getTime() : 0;
      return Math.max(1, fullInMs + refillMs - burst * refillMs);
    },
    forget: async (subject) => {
      await pool.query('DELETE FROM login_attempts WHERE subject = $1', [subject]);
    },
  };
}
