import type pg from 'pg';
import type { PlaceMap } from './place-map.js';

/**
 * What the database kept of places follows the events to where they stand now, and what it kept of events that are not in the backup's log
 * goes: a message about something that has not happened must not be sent, and a retry must not be answered with a key that nobody has.
 *
 * @param last of the backup's log, where it stood
 * @param tokenId the highest number of an access key in the log
 */
export async function forgetWhatIsLost(
  tx: pg.ClientBase,
  { last, tokenId }: { readonly last: bigint; readonly tokenId: number },
): Promise<{ readonly messages: number; readonly secrets: number }> {
  const discarded = await tx.query(
    `UPDATE outbox SET state = 'discarded', ended_at = now(), lease_until = NULL, handled_by = 'restore'
     WHERE state = 'waiting' AND position > $1`,
    [last],
  );
  const deleted = await tx.query('DELETE FROM issued_secrets WHERE token_id > $1', [tokenId]);
  return { messages: discarded.rowCount ?? 0, secrets: deleted.rowCount ?? 0 };
}

/** Does nothing where every event stands where it stood. */
export async function movePlaces(tx: pg.ClientBase, places: PlaceMap): Promise<void> {
  if (!places.changed) return;
  for (const [table, columns] of PLACES)
    for (const column of columns) {
      const { rows } = await tx.query<{ place: bigint }>(
        `SELECT DISTINCT ${column} AS place FROM ${table} WHERE ${column} >= 0`,
      );
      const moves = rows.map(({ place }) => `{"was":${place},"is":${places.newPlaceOf(place)}}`);
      await tx.query(
        `UPDATE ${table} SET ${column} = moves."is"
         FROM json_to_recordset($1) AS moves (was bigint, "is" bigint) WHERE ${column} = moves.was`,
        [`[${moves.join(',')}]`],
      );
    }
}

const PLACES = [
  ['reaction_checkpoints', ['begins_after', 'position', 'event_position']],
  ['outbox', ['position']],
] as const;
