import type pg from 'pg';
import type { JsonObject } from '../eventstore/event-store.js';
import { withTransaction } from '../postgres/pool.js';
import type { Job, JobProgress, JobState, JobType } from './job.js';

/** Jobs that may be under way at once, in all processes together: each reads the whole log, or all tables. */
const AT_ONCE = 2;
const KEPT_DAYS = 30;
/** Any number will do, as long as every process takes the same one. */
const START_LOCK = 7_246_402;

interface Row {
  readonly id: string;
  readonly type: JobType;
  readonly input: JsonObject;
  readonly started_by: string;
  readonly state: JobState;
  readonly cancel_requested: boolean;
  readonly done: bigint;
  readonly total: bigint | null;
  readonly outcome: JsonObject | null;
  readonly fault: string | null;
  readonly created_at: Date;
  readonly ended_at: Date | null;
  readonly file_id: string | null;
  readonly name: string | null;
  readonly media_type: string | null;
  readonly bytes: bigint | null;
}

const SELECT = `SELECT j.*, f.id AS file_id, f.name, f.media_type, f.bytes FROM jobs j LEFT JOIN job_files f ON f.job_id = j.id`;

export interface JobEnd {
  readonly state: Exclude<JobState, 'running'>;
  readonly outcome?: JsonObject | undefined;
  readonly fault?: string | undefined;
}

export interface NewJob {
  readonly id: string;
  readonly type: JobType;
  readonly input: JsonObject;
  readonly startedBy: string;
}

/** Rows of jobs. All times are the database's. A job whose process says nothing any more is interrupted, whoever asks first. */
export interface JobStore {
  /** `busy`: too many are under way. `known`: one of this id was begun before, and nothing was done now. */
  begin(job: NewJob, aliveMs: number): Promise<'begun' | 'busy' | 'known'>;
  /** Says that it is still under way, and how far. @returns undefined when it has ended meanwhile, else whether somebody wants it to */
  keepAlive(
    id: string,
    progress: JobProgress,
    aliveMs: number,
  ): Promise<{ readonly cancelRequested: boolean } | undefined>;
  /** False: it had ended before. */
  end(id: string, end: JobEnd, progress: JobProgress): Promise<boolean>;
  /** False: it is not under way. */
  requestCancel(id: string): Promise<boolean>;
  find(id: string): Promise<Job | undefined>;
  /** The newest first, before one of them where one is named. */
  list(
    filter: { readonly type?: JobType | undefined; readonly state?: JobState | undefined },
    page: { readonly before?: string | undefined; readonly limit: number },
  ): Promise<readonly Job[]>;
  /** Forgets what ended long ago, with what it made; and files that were put here and not used. */
  purge(): Promise<void>;
}

export function createJobStore(pool: pg.Pool): JobStore {
  const markInterrupted = () =>
    pool.query(
      `UPDATE jobs SET state = 'interrupted', ended_at = now() WHERE state = 'running' AND alive_until < now()`,
    );
  return {
    begin: async ({ id, type, input, startedBy }, aliveMs) => {
      await markInterrupted();
      return withTransaction(pool, async (tx) => {
        await tx.query('SELECT pg_advisory_xact_lock($1)', [START_LOCK]);
        const { rows } = await tx.query<{ known: boolean; running: bigint }>(
          `SELECT count(*) FILTER (WHERE id = $1) > 0 AS known, count(*) FILTER (WHERE state = 'running') AS running
           FROM jobs WHERE id = $1 OR state = 'running'`,
          [id],
        );
        if (rows[0]?.known) return 'known';
        if (Number(rows[0]?.running) >= AT_ONCE) return 'busy';
        await tx.query(
          `INSERT INTO jobs (id, type, input, started_by, alive_until)
           VALUES ($1, $2, $3, $4, now() + $5 * interval '1 millisecond')`,
          [id, type, JSON.stringify(input), startedBy, aliveMs],
        );
        return 'begun';
      });
    },
    keepAlive: async (id, { done, total }, aliveMs) => {
      const { rows } = await pool.query<{ cancel_requested: boolean }>(
        `UPDATE jobs SET done = $2, total = $3, alive_until = now() + $4 * interval '1 millisecond'
         WHERE id = $1 AND state = 'running' RETURNING cancel_requested`,
        [id, done, total ?? null, aliveMs],
      );
      const [row] = rows;
      return row && { cancelRequested: row.cancel_requested };
    },
    end: async (id, { state, outcome, fault }, { done, total }) => {
      const { rowCount } = await pool.query(
        `UPDATE jobs SET state = $2, outcome = $3, fault = $4, done = $5, total = $6, ended_at = now()
         WHERE id = $1 AND state = 'running'`,
        [id, state, outcome ? JSON.stringify(outcome) : null, fault ?? null, done, total ?? null],
      );
      return rowCount === 1;
    },
    requestCancel: async (id) => {
      await markInterrupted();
      const { rowCount } = await pool.query(
        `UPDATE jobs SET cancel_requested = true WHERE id = $1 AND state = 'running'`,
        [id],
      );
      return rowCount === 1;
    },
    ...jobReads(pool, markInterrupted),
    purge: async () => {
      await pool.query(`DELETE FROM jobs WHERE ended_at < now() - $1 * interval '1 day'`, [KEPT_DAYS]);
      await pool.query(
        `DELETE FROM job_files WHERE job_id IS NULL AND created_at < now() - interval '1 day'`,
      );
    },
  };
}

function jobReads(pool: pg.Pool, markInterrupted: () => Promise<unknown>): Pick<JobStore, 'find' | 'list'> {
  return {
    find: async (id) => {
      await markInterrupted();
      const { rows } = await pool.query<Row>(`${SELECT} WHERE j.id = $1`, [id]);
      return rows[0] && jobOf(rows[0]);
    },
    list: async ({ type, state }, { before, limit }) => {
      await markInterrupted();
      const { rows } = await pool.query<Row>(
        `${SELECT} WHERE ($1::text IS NULL OR j.type = $1) AND ($2::text IS NULL OR j.state = $2)
           AND ($3::uuid IS NULL OR (j.created_at, j.id) < (SELECT created_at, id FROM jobs WHERE id = $3))
         ORDER BY j.created_at DESC, j.id DESC LIMIT $4`,
        [type ?? null, state ?? null, before ?? null, limit],
      );
      return rows.map(jobOf);
    },
  };
}

const jobOf = (row: Row): Job => ({
  id: row.id,
  type: row.type,
  input: row.input,
  startedBy: row.started_by,
  state: row.state,
  cancelRequested: row.cancel_requested,
  done: row.done,
  total: row.total ?? undefined,
  outcome: row.outcome ?? undefined,
  fault: row.fault ?? undefined,
  createdAt: row.created_at,
  endedAt: row.ended_at ?? undefined,
  result:
    row.file_id === null
      ? undefined
      : {
          id: row.file_id,
          name: row.name ?? '',
          mediaType: row.media_type ?? '',
          bytes: Number(row.bytes ?? 0),
        },
});
