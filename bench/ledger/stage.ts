import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { makeHistory } from '../../src/cli/generate/history.js';
import { writeHistory } from '../../src/cli/generate/write-history.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { startEmbeddedPostgres } from '../../src/postgres/embedded.js';
import { migrate } from '../../src/postgres/migrate.js';
import { createPool } from '../../src/postgres/pool.js';

/** A history in the embedded server, fsync on, settings as they come. */
export interface Stage {
  readonly events: number;
  readonly store: EventStore;
  readonly pool: pg.Pool;
  /** With its password: for psql, never to be printed. */
  readonly url: string;
  readonly folder: string;
  readonly postmaster: number;
  close(): Promise<void>;
}

const CONNECTIONS = 12;
const EVENTS_AN_ACCOUNT = 50;

export async function setStage(events: number): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-bench-'));
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  const pool = createPool({ connectionString: server.url, max: CONNECTIONS, applicationName: 'bench' });
  await migrate(pool);
  const store = createPostgresEventStore({ connectionString: server.url });
  const from = new Date('2026-01-01T00:00:00Z');
  const accounts = Math.max(1, Math.floor(events / EVENTS_AN_ACCOUNT));
  await writeHistory(store, makeHistory({ seed: 'bench', accounts, events, from }), () => undefined);
  await pool.query('ANALYZE events');
  const { rows } = await pool.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
  return {
    events,
    store,
    pool,
    url: server.url,
    folder,
    postmaster: Number(readFileSync(join(rows[0]?.folder ?? '', 'postmaster.pid'), 'utf8').split('\n')[0]),
    close: async () => {
      await store.close();
      await pool.end();
      await server.stop();
      // Where root's data lies is not where it was asked for.
      for (const each of [folder, server.dataDir]) await rm(each, { recursive: true, force: true });
    },
  };
}
