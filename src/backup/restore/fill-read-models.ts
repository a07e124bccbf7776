import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import { ledgerProjections, statisticsProjections } from '../../projections/all-projections.js';
import { GroupRunner } from '../../projections/runtime/group-runner.js';
import type { Group, Projection } from '../../projections/runtime/projection.js';

export interface ReadModelsOptions {
  readonly store: EventStore;
  readonly pool: pg.Pool;
  /** IANA name; the days of the statistics begin in it. */
  readonly timeZone: string;
  readonly now: () => Date;
  readonly onEvents?: (events: number) => void;
}

/** Makes all read models from the log up to where it ends now, with no process projecting beside. @throws what stops a projector */
export async function fillReadModels(options: ReadModelsOptions): Promise<void> {
  const head = await options.store.head();
  let done = 0;
  const count = (group: Group, events: number): void => {
    if (group === 'ledger') options.onEvents?.((done += events));
  };
  await Promise.all([
    follow('ledger', ledgerProjections, head, options, count),
    follow('statistics', statisticsProjections(options.timeZone), head, options, count),
  ]);
}

async function follow(
  group: Group,
  projections: readonly Projection[],
  head: bigint,
  { store, pool, now }: ReadModelsOptions,
  count: (group: Group, events: number) => void,
): Promise<void> {
  let arrived: () => void = () => undefined;
  let failed: (error: Error) => void = () => undefined;
  const reached = new Promise<void>((resolve, reject) => ([arrived, failed] = [resolve, reject]));
  reached.catch(() => undefined);
  const runner = new GroupRunner({
    group,
    projections,
    store,
    pool,
    now,
    observer: {
      batchApplied: ({ events, position }) => {
        count(group, events);
        if (position >= head) arrived();
      },
      stopped: (_group, error) => failed(error),
    },
  });
  try {
    await runner.start();
    if (runner.position >= head) arrived();
    await reached;
  } finally {
    await runner.stop();
  }
}
