import type pg from 'pg';
import { allProjections } from '../../../src/projections/all-projections.js';
import { InProcessCachedBalance } from '../../../src/balance/in-process/in-process-cached-balance.js';
import { startProjector } from '../../../src/projections/projector.js';
import { schemaOf } from '../../../src/projections/runtime/projection.js';
import { rebuildAll } from '../../../src/projections/runtime/rebuild.js';
import { PositionWaiter } from '../../../src/projections/runtime/waiter.js';
import { eventually } from '../../../test/support/eventually.js';
import type { Subject } from '../contest.js';
import { names } from '../report.js';
import type { Stage } from '../stage.js';

const projections = allProjections('UTC');
const LONGEST_MS = 1_800_000;

/** Fills the tables as a service does that finds a long log before it. They must come to what was there. */
export const liveSubject = (stage: Stage): Subject => ({
  name: names.live,
  turn: async () => {
    await dropTables(stage.pool);
    const head = await stage.store.head();
    const waiter = new PositionWaiter({ db: stage.pool, projections: projections.map(({ name }) => name) });
    const cachedBalance = new InProcessCachedBalance({});
    const startedMs = performance.now();
    const projector = await startProjector({
      ...stage,
      waiter,
      cachedBalance,
      timeZone: 'UTC',
    });
    try {
      await eventually(
        async () => {
          const status = await projector.status();
          const stopped = status.find(({ state }) => state === 'stopped');
          if (stopped) throw new Error(stopped.stoppedBecause);
          return status.every(({ position }) => position >= head);
        },
        { timeoutMs: LONGEST_MS },
      );
      return { count: stage.events, seconds: (performance.now() - startedMs) / 1_000 };
    } finally {
      await projector.stop();
      await cachedBalance.close();
    }
  },
});

/**
 * Fills new tables from the log beside those that are there, and makes their indexes: what a rebuild does before it compares. That
 * both are equal is found out as well, after the time has been taken.
 */
export const rebuildSubject = (stage: Stage): Subject => ({
  name: names.rebuild,
  turn: async () => {
    const startedMs = performance.now();
    let seconds = 0;
    const results = await rebuildAll(projections, {
      ...stage,
      swap: false,
      onFilled: () => (seconds = (performance.now() - startedMs) / 1_000),
    });
    const different = results.filter(({ equal }) => !equal).map(({ projection }) => projection);
    if (different.length > 0) throw new Error(`other tables than before: ${different.join(', ')}`);
    return { count: stage.events, seconds };
  },
});

async function dropTables(pool: pg.Pool): Promise<void> {
  for (const { name } of projections) await pool.query(`DROP SCHEMA IF EXISTS ${schemaOf(name)} CASCADE`);
  await pool.query('DELETE FROM projection_checkpoints');
}
