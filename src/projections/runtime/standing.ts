import type { EventStore } from '../../eventstore/event-store.js';
import { readCheckpoints } from './checkpoints.js';
import { Lag } from './lag.js';
import type { Projection, Queryable } from './projection.js';

/** How far a group of read models has come, as anybody can see it who sees log and tables. */
export interface Standing {
  readonly group: Projection['group'];
  /** Of the slowest of the group; undefined while its tables are being made. */
  readonly position: bigint | undefined;
  /** As in GroupStatus. */
  readonly lagPositions: bigint | undefined;
  readonly lagSeconds: number | undefined;
}

/** Of each group: from the checkpoints, whatever process fills the tables. */
export async function readStandings(
  { pool, store }: { readonly pool: Queryable; readonly store: EventStore },
  projections: readonly Pick<Projection, 'name' | 'group'>[],
  now: () => Date,
): Promise<readonly Standing[]> {
  const checkpoints = await readCheckpoints(
    pool,
    projections.map(({ name }) => name),
    'live',
  );
  const lag = new Lag(store, now);
  const groups = [...new Set(projections.map(({ group }) => group))];
  return Promise.all(
    groups.map(async (group) => {
      const members = projections.filter((each) => each.group === group);
      const positions = members.map(
        ({ name }) => checkpoints.find(({ projection }) => projection === name)?.position,
      );
      const position = positions.reduce((least, each) =>
        least === undefined || each === undefined ? undefined : each < least ? each : least,
      );
      if (position === undefined) return { group, position, lagPositions: undefined, lagSeconds: undefined };
      return { group, position, ...(await lag.measure(position)) };
    }),
  );
}
