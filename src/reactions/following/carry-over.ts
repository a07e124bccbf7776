import type { AppliedEvent } from '../../eventstore/applied-event.js';
import type { Queryable } from '../../projections/runtime/projection.js';

interface Row {
  readonly reaction: string;
  readonly begins_after: bigint;
  readonly position: bigint;
}

const SELECT = 'SELECT reaction, begins_after, position FROM reaction_checkpoints ORDER BY reaction';

/** Every place of the log that a reaction goes on from, or began at. */
export async function readAllPlaces(db: Queryable): Promise<readonly bigint[]> {
  const { rows } = await db.query<Row>(SELECT);
  return rows.flatMap(({ begins_after: begin, position }) => [begin, position]);
}

/** Where a place of the former log is in the new one, and the event there. */
export type PlaceIn = (position: bigint) => AppliedEvent | { readonly position: bigint };

/** The log was moved: reactions go on from the same events, wherever these are now. */
export async function carryOver(tx: Queryable, placeIn: PlaceIn): Promise<void> {
  const { rows } = await tx.query<Row>(`${SELECT} FOR UPDATE`);
  for (const row of rows) {
    const place = placeIn(row.position);
    const event = 'id' in place ? place : undefined;
    await tx.query(
      `UPDATE reaction_checkpoints
       SET begins_after = $2, position = $3, event_position = $4, event_stream = $5, event_revision = $6, event_id = $7,
           updated_at = now()
       WHERE reaction = $1`,
      [
        row.reaction,
        placeIn(row.begins_after).position,
        place.position,
        event?.position,
        event?.stream,
        event?.revision,
        event?.id,
      ],
    );
  }
}
