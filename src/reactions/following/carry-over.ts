import type { PlaceMap } from '../../eventstore/place-map.js';
import type { Queryable } from '../../projections/runtime/projection.js';

/**
 * The log was moved or restored: all that is kept of places here follows the events to where they stand now, so that reactions go on from the
 * same events. Until the transaction ends nobody reacts to anything; afterwards only who is at work with the log of that generation does.
 */
export async function carryOver(tx: Queryable, places: PlaceMap, generation: number): Promise<void> {
  // Also against who would put in its first place, and in the order in which those who react take their locks.
  await tx.query('LOCK TABLE reaction_checkpoints IN EXCLUSIVE MODE');
  if (places.changed)
    for (const [table, columns] of PLACES)
      for (const column of columns) await movePlaces(tx, places, table, column);
  if (places.changed) await moveAlerts(tx, places);
  await tx.query('UPDATE reaction_checkpoints SET generation = $1', [generation]);
}

const PLACES = [
  ['reaction_checkpoints', ['begins_after', 'position', 'event_position']],
  ['outbox', ['position']],
] as const;

async function movePlaces(tx: Queryable, places: PlaceMap, table: string, column: string): Promise<void> {
  const { rows } = await tx.query<{ place: bigint }>(
    `SELECT DISTINCT ${column} AS place FROM ${table} WHERE ${column} >= 0`,
  );
  await tx.query(
    `UPDATE ${table} SET ${column} = moves."is"
     FROM json_to_recordset($1) AS moves (was bigint, "is" bigint) WHERE ${column} = moves.was`,
    [moves(places, rows)],
  );
}

/** Alerts of what stopped at an event are over when that was gone past. Their keys stay: whoever was told knows them by these. */
async function moveAlerts(tx: Queryable, places: PlaceMap): Promise<void> {
  const { rows } = await tx.query<{ place: bigint }>(
    `SELECT DISTINCT (details ->> 'position')::bigint AS place FROM alerts
     WHERE resolved_at IS NULL AND details ->> 'position' IS NOT NULL`,
  );
  await tx.query(
    `UPDATE alerts SET details = jsonb_set(details, '{position}', to_jsonb(moves."is"::text))
     FROM json_to_recordset($1) AS moves (was bigint, "is" bigint)
     WHERE resolved_at IS NULL AND (details ->> 'position')::bigint = moves.was`,
    [moves(places, rows)],
  );
}

const moves = (places: PlaceMap, rows: readonly { readonly place: bigint }[]): string =>
  `[${rows.map(({ place }) => `{"was":${place},"is":${places.newPlaceOf(place)}}`).join(',')}]`;
