import type pg from 'pg';
import type { JsonObject, LogPage, RecordedEvent } from '../event-store.js';

interface EventRow {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly body: string;
  readonly recorded_at: Date;
}

const COLUMNS = `position, stream, revision, id, type, '[' || data || ',' || metadata || ']' AS body, recorded_at`;

export async function selectPage(pool: pg.Pool, after: bigint, limit: number): Promise<LogPage> {
  const { rows } = await pool.query<EventRow>({
    name: 'event_log_page',
    text: `SELECT ${COLUMNS} FROM events WHERE position > $1 ORDER BY position LIMIT $2`,
    values: [after, limit],
  });
  return {
    events: rows.map(recorded),
    position: rows.at(-1)?.position ?? after,
    atEnd: rows.length < limit,
  };
}

export async function selectStream(
  pool: pg.Pool,
  stream: string,
  options: { readonly from?: bigint; readonly direction?: 'forwards' | 'backwards'; readonly limit: number },
): Promise<readonly RecordedEvent[]> {
  const backwards = options.direction === 'backwards';
  const { rows } = await pool.query<EventRow>({
    name: backwards ? 'event_stream_backwards' : 'event_stream',
    text: `SELECT ${COLUMNS} FROM events WHERE stream = $1 AND revision ${backwards ? '<=' : '>='} $2
           ORDER BY revision ${backwards ? 'DESC' : 'ASC'} LIMIT $3`,
    values: [stream, options.from ?? (backwards ? MAX_INT8 : 0n), options.limit],
  });
  return rows.map(recorded);
}

const MAX_INT8 = 2n ** 63n - 1n;

export async function selectHead(pool: pg.Pool): Promise<bigint> {
  const { rows } = await pool.query<{ position: bigint }>('SELECT position FROM log_head');
  if (!rows[0]) throw new Error('log_head is empty: the log was tampered with');
  return rows[0].position;
}

function recorded(row: EventRow): RecordedEvent {
  const [data, metadata] = JSON.parse(row.body) as [JsonObject, JsonObject];
  return {
    id: row.id,
    type: row.type,
    data,
    metadata,
    stream: row.stream,
    revision: row.revision,
    position: row.position,
    recordedAt: row.recorded_at,
  };
}
