import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { BEFORE_FIRST } from '../../../src/eventstore/event-store.js';
import { withTransaction } from '../../../src/postgres/pool.js';
import { movementOf } from '../../../src/projections/movement.js';
import { decodeRecorded } from '../../../src/projections/runtime/decode-event.js';
import type { LedgerEvent } from '../../../src/projections/runtime/projection.js';
import { schemaOf } from '../../../src/projections/runtime/projection.js';
import { ddl, partitionDdl } from '../../../src/projections/usage/table.js';
import { type Subject, timed } from '../contest.js';
import { names } from '../report.js';
import type { Stage } from '../stage.js';

const run = promisify(execFile);
const SCHEMA = 'bench_baseline';
const NAIVE_EVENTS = 1_000;

/**
 * What the server can do at best: psql copies the rows of the usage log, and nothing else, from a file into a table as the projection
 * makes it, with its primary key and without the indexes of readers.
 */
export async function rawCopySubject({ pool, url, folder, events }: Stage): Promise<Subject> {
  const file = join(folder, 'usage-rows.txt');
  const { rows: months } = await pool.query<{ month: Date }>(
    `SELECT DISTINCT date_trunc('month', recorded_at, 'UTC') AS month FROM ${schemaOf('usage-log')}.log_rows`,
  );
  const psql = (command: string) => run('psql', ['--no-psqlrc', '--quiet', '--command', command, url]);
  await psql(`\\copy (SELECT * FROM ${schemaOf('usage-log')}.log_rows ORDER BY position) TO '${file}'`);
  return {
    name: names.rawCopy,
    turn: async () => {
      await pool.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE; CREATE SCHEMA ${SCHEMA}; ${ddl(SCHEMA)}`);
      for (const { month } of months) await pool.query(partitionDdl(SCHEMA, month));
      const seconds = await timed(() => psql(`\\copy ${SCHEMA}.log_rows FROM '${file}'`));
      const { rows } = await pool.query<{ count: bigint }>(`SELECT count(*) FROM ${SCHEMA}.log_rows`);
      const count = Number(rows[0]?.count);
      if (count === 0 || count > events) throw new Error(`${count} rows were copied of ${events} events`);
      return { count, seconds };
    },
  };
}

/**
 * What one would write first: a transaction an event, with its row, its balance and the checkpoint, durable when it ends. Only two of
 * the read models' tables, so that the comparison favours it; the events are read and decoded beforehand.
 */
export async function naiveSubject({ pool, store }: Stage): Promise<Subject> {
  const page = await store.readAll({ after: BEFORE_FIRST, limit: 10 * NAIVE_EVENTS });
  const events = page.events
    .map(decodeRecorded)
    .filter((event) => movementOf(event))
    .slice(0, NAIVE_EVENTS);
  return {
    name: names.naive,
    turn: async () => {
      await pool.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE; CREATE SCHEMA ${SCHEMA};
        CREATE TABLE ${SCHEMA}.log (position bigint PRIMARY KEY, account_id uuid, type text, spend bigint, recorded_at timestamptz);
        CREATE TABLE ${SCHEMA}.balances (account_id uuid PRIMARY KEY, balance bigint);
        CREATE TABLE ${SCHEMA}.checkpoint (position bigint); INSERT INTO ${SCHEMA}.checkpoint VALUES (-1)`);
      const seconds = await timed(async () => {
        for (const event of events) await applyAlone(pool, event);
      });
      return { count: events.length, seconds };
    },
  };
}

async function applyAlone(pool: pg.Pool, event: LedgerEvent): Promise<void> {
  const movement = movementOf(event);
  if (!movement) return;
  const { accountId, amount } = movement;
  await withTransaction(pool, async (tx) => {
    await tx.query(`INSERT INTO ${SCHEMA}.log VALUES ($1, $2, $3, $4, $5)`, [
      event.position,
      accountId,
      event.type,
      -amount,
      event.recordedAt,
    ]);
    await tx.query(
      `INSERT INTO ${SCHEMA}.balances AS b VALUES ($1, $2)
       ON CONFLICT (account_id) DO UPDATE SET balance = b.balance + excluded.balance`,
      [accountId, amount],
    );
    await tx.query(`UPDATE ${SCHEMA}.checkpoint SET position = $1`, [event.position]);
  });
}
