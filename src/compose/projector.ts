import { setTimeout as wait } from 'node:timers/promises';
import { allProjections } from '../projections/all-projections.js';
import { startProjector } from '../projections/projector.js';
import type { ProjectionObserver } from '../projections/runtime/status.js';
import { readCheckpoints } from '../projections/runtime/checkpoints.js';
import { Doorbell } from '../eventstore/postgres/doorbell.js';
import { AWAITED, type Ledger } from './ledger.js';
import type { Process } from './process.js';

/** How far the read models may be behind before this process counts as not ready. */
const READY_LAG_SECONDS = 30;

/** `alerts` is told of how the projections do, as the metrics are. */
export async function openProjector(parts: Process & { readonly alerts: ProjectionObserver }): Promise<void> {
  const { alerts, cache, config, database, health, metrics, readModels, shutdown, store, waiter } = parts;
  const awaited = new Doorbell(database.url, `counterfoil ${config.role} awaited`, AWAITED);
  shutdown.add('doorbell of the projector', () => awaited.close());
  const projector = await startProjector({
    store,
    pool: database.pool,
    cachedBalance: cache,
    waiter,
    awaited,
    timeZone: config.timezone,
    observer: bothOf(metrics.projections, alerts),
  });
  shutdown.add('projector', () => projector.stop(), 30_000);
  for (const group of ['ledger', 'statistics']) {
    const status = async () => (await projector.status()).find((each) => each.group === group);
    metrics.gauge(`${group}_lag_positions`, 'Places of the log still to come.', async () =>
      Number((await status())?.lagPositions ?? NaN),
    );
    metrics.gauge(
      `${group}_lag_seconds`,
      'Age of the oldest event not yet in the tables.',
      async () => (await status())?.lagSeconds ?? NaN,
    );
    metrics.stopped(group, status);
  }
  metrics.gauge(
    'doubts_open',
    'Charges whose report could not be believed, and which nobody has settled.',
    () => readModels.openDoubts(),
  );
  health.push({
    part: 'projector',
    ask: async () => {
      for (const { group, state, stoppedBecause, lagSeconds } of await projector.status()) {
        if (state === 'stopped') return `${group} stopped: ${stoppedBecause ?? 'for shutdown'}`;
        if (state === 'preparing') return `${group} is being prepared`;
        if (lagSeconds === undefined)
          return `how far ${group} is behind is not known: the log cannot be read`;
        if (lagSeconds > READY_LAG_SECONDS) return `${group} is ${Math.round(lagSeconds)} s behind the log`;
      }
      return undefined;
    },
  });
}

const bothOf = (first: ProjectionObserver, second: ProjectionObserver): ProjectionObserver => ({
  ...first,
  stopped(group, error) {
    first.stopped?.(group, error);
    second.stopped?.(group, error);
  },
  batchApplied(batch) {
    first.batchApplied?.(batch);
    second.batchApplied?.(batch);
  },
});

const TABLES_WAIT_MS = 120_000;
const TABLES_POLL_MS = 250;

/**
 * For a role without a projector: the tables are made by one, and those of another version are being rebuilt by one.
 * @throws Error when there is none after two minutes
 */
export async function awaitReadModels({ config, database, log }: Ledger): Promise<void> {
  const expected = allProjections(config.timezone);
  const names = expected.map(({ name }) => name);
  const deadlineMs = Date.now() + TABLES_WAIT_MS;
  for (let told = false; ; await wait(TABLES_POLL_MS)) {
    const installed = new Map(
      (await readCheckpoints(database.pool, names, 'live')).map((each) => [each.projection, each.version]),
    );
    if (expected.every(({ name, version }) => installed.get(name) === version)) return;
    if (Date.now() > deadlineMs)
      throw new Error('the read models of this version are not there: start a process with ROLE=projector');
    if (!told) log.info('waiting for a projector to make the read models of this version');
    told = true;
  }
}
