import { isActor } from '../../domain/operator/actor.js';
import { catalogue, type EventType } from '../../domain/events/catalogue.js';
import { logStream } from '../../domain/streams.js';
import type { LedgerEvent, Projection } from '../runtime/projection.js';
import { jsonRows, storableText } from '../runtime/rows.js';
import { ddl, indexes } from './table.js';

/** What comes of calls is most of a log, and never an operator's doing. */
const OF_CALLS: ReadonlySet<EventType> = new Set(['consumption-recorded', 'call-failed', 'call-abandoned']);

/** What operators did: where in the log to find it, by whom and when. Beside the statistics, so that no balance ever waits for it. */
export const acts: Projection = {
  name: 'acts',
  group: 'statistics',
  version: '1',
  tables: ['acts'],
  handles: (Object.keys(catalogue) as EventType[]).filter((name) => !OF_CALLS.has(name)),
  ddl,
  indexes,
  async apply(tx, schema, events) {
    const rows = events.flatMap(rowOf);
    if (rows.length === 0) return;
    await tx.query(
      `INSERT INTO ${schema}.acts (position, recorded_at, actor, type, stream, revision)
       SELECT position, recorded_at, actor, type, stream, revision
       FROM json_to_recordset($1) AS row (position bigint, recorded_at timestamptz, actor text, type text, stream text, revision bigint)`,
      [jsonRows(rows)],
    );
  },
};

function rowOf({ data, position, recordedAt, type, stream, revision }: LedgerEvent) {
  // What a log says of itself is of that log alone: another one, made by a move, has the same acts.
  if (stream === logStream || !('by' in data) || !isActor(data.by)) return [];
  return [
    {
      position: position.toString(),
      recorded_at: recordedAt,
      actor: storableText(data.by),
      type,
      stream,
      revision: revision.toString(),
    },
  ];
}
