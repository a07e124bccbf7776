import type pg from 'pg';
import type { EventStore } from '../eventstore/event-store.js';
import { allProjections } from '../projections/all-projections.js';
import { countOpenDoubts } from '../projections/doubt/query.js';
import { readStandings } from '../projections/runtime/standing.js';
import { shareOfFailures } from '../projections/usage/failures.js';
import type { Figures } from '../reactions/alerts/figures-watch.js';
import { countFailedMails } from '../stores/mails.js';
import { readFigures } from '../reactions/outbox/figures.js';

const MAILS_OF_MS = 24 * 3_600_000;
const CALLS_OF_MS = 10 * 60_000;

/** What alerts go by, from the tables that all processes share. */
export const alertFigures = ({
  pool,
  store,
  now,
}: {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly now: () => Date;
}): Figures => ({
  'tables-behind': async () => {
    const standings = await readStandings({ pool, store }, allProjections(''), now);
    const behind = standings.flatMap(({ lagSeconds }) => lagSeconds ?? []);
    return behind.length === 0 ? undefined : Math.round(Math.max(...behind));
  },
  'messages-late': async () => Math.round((await readFigures(pool)).oldestSeconds),
  'messages-dead': async () => (await readFigures(pool)).dead,
  'mails-failed': () => countFailedMails(pool, new Date(now().getTime() - MAILS_OF_MS)),
  'calls-failing': () => shareOfFailures(pool, new Date(now().getTime() - CALLS_OF_MS)),
  'doubts-open': () => countOpenDoubts(pool),
});
