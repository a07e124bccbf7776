import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { applyWithin } from './apply-batch.js';
import { applyResolutely } from './apply-resolutely.js';
import { readCheckpoints } from './checkpoints.js';
import { PoisonEvent } from './faults.js';
import { installProjections } from './install.js';
import { type Group, onPoison, type Projection } from './projection.js';
import { readDecoded } from './read-decoded.js';

const EVENTS_A_BATCH = 10_000;

/**
 * Brings the live tables of a group to the end of a log that nobody appends to any more; a projector may be at it as well.
 * @throws PoisonEvent, Superseded for tables of another version, EventStoreUnavailable
 */
export async function catchUpTables(
  pool: pg.Pool,
  store: EventStore,
  group: Group,
  projections: readonly Projection[],
): Promise<void> {
  const members = projections.filter((projection) => projection.group === group);
  await installProjections(pool, members);
  const names = members.map(({ name }) => name);
  const checkpoints = await readCheckpoints(pool, names, 'live');
  const after = checkpoints.reduce((least, { position }) => (position < least ? position : least), BEYOND);
  const until = await store.head();
  if (after >= until) return;
  const range = { after, until, limit: EVENTS_A_BATCH, onUnreadable: onPoison[group] };
  for await (const { batch, poison } of readDecoded(store, range)) {
    await applyResolutely(
      batch,
      (part) => withTransaction(pool, (tx) => applyWithin(tx, members, part, 'live')),
      onPoison[group],
    );
    if (poison) throw new PoisonEvent(poison);
  }
}

const BEYOND = 2n ** 63n;
