import type pg from 'pg';
import type { EventStore } from '../eventstore/event-store.js';
import {
  type ConnectedRole,
  type SystemFigure,
  systemFigures,
  type SystemView,
} from '../http/operators/system.js';
import { allProjections } from '../projections/all-projections.js';
import { readStandings } from '../projections/runtime/standing.js';
import { readFigures } from '../reactions/outbox/figures.js';
import { readAnchors } from '../transparency/anchors/anchor-table.js';
import { VERSION } from '../support/version.js';
import { logKindOf } from './log-guard.js';
import { readiness } from './health.js';
import type { Process } from './process.js';

interface SystemParts extends Pick<Process, 'config' | 'generation' | 'health' | 'ledgerId'> {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly guard: Pick<Process['guard'], 'doubt'>;
  readonly metrics: Pick<Process['metrics'], 'figure'>;
  readonly now: () => Date;
}

/** This process, and what is known of the others by what they share. */
export function createSystem(parts: SystemParts): () => Promise<SystemView> {
  const { config, generation, guard, health, ledgerId, metrics, now, pool, store } = parts;
  const startedAt = now();
  return async () => {
    const [database, connected, ready, standings, outbox, mails, anchors, head, figures] = await Promise.all([
      pool.query<{ server_version: string }>('SHOW server_version'),
      connectedRoles(pool),
      readiness(health),
      readStandings({ pool, store }, allProjections(config.timezone), now),
      readFigures(pool),
      countMails(pool),
      readAnchors(pool),
      store.head().catch(() => undefined),
      Promise.all(systemFigures.map(async (name) => [name, await metrics.figure(name)] as const)),
    ]);
    return {
      version: VERSION,
      node: process.version,
      startedAt,
      role: config.role,
      ledgerId,
      log: { kind: logKindOf(config), generation, head, doubt: guard.doubt?.message },
      database: {
        embedded: config.databaseUrl === undefined,
        version: database.rows[0]?.server_version ?? '',
      },
      balances: config.redisUrl === undefined ? 'process' : 'redis',
      connected,
      parts: Object.entries(ready.parts).map(([part, { ready: isReady, reason }]) => ({
        part,
        ready: isReady,
        reason,
      })),
      standings,
      outbox,
      mails,
      anchors,
      figures: Object.fromEntries(figures) as Record<SystemFigure, number | undefined>,
      variables: config.stated,
    };
  };
}

const NAMED = 'counterfoil ';

/** Nobody keeps a list of processes; who works is connected to the database, under the name of the role. */
async function connectedRoles(pool: pg.Pool): Promise<readonly ConnectedRole[]> {
  const { rows } = await pool.query<{ role: string; connections: bigint; since: Date }>(
    `SELECT substr(application_name, length($1) + 1) AS role, count(*) AS connections, min(backend_start) AS since
     FROM pg_stat_activity
     WHERE datname = current_database() AND starts_with(application_name, $1) AND backend_start IS NOT NULL
     GROUP BY role ORDER BY role`,
    [NAMED],
  );
  return rows.map((row) => ({ ...row, connections: Number(row.connections) }));
}

async function countMails(pool: pg.Pool): Promise<SystemView['mails']> {
  const { rows } = await pool.query<{ waiting: bigint; failed: bigint }>(
    `SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'failed') AS failed FROM mails`,
  );
  return { waiting: Number(rows[0]?.waiting ?? 0), failed: Number(rows[0]?.failed ?? 0) };
}
