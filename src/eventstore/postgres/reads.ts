import type pg from 'pg';
import type { JsonObject, LogPage, RecordedEvent } from '../event-store.js';

/**
 * A page travels as one JSON text, each event an array in it, and is parsed at once: half of this process's share of the work of
 * a row with eight columns (5 µs an event against 10, and 4 µs against 2.5 in the server, which has a processor of its own).
 */
const AS_JSON = `string_agg(
  concat(position, ',', revision, ',', to_json(stream), ',"', id, '",', to_json(type), ',', to_json(recorded_at), ',', data, ',', metadata),
  '],[' ORDER BY`;

/** Of events as large as they may be this is half of what one text can hold. */
const MAX_PAGE_EVENTS = 1_000;

interface PageRow {
  readonly page: string | null;
}

type StoredEvent = [number, number, string, string, string, string, JsonObject, JsonObject];

/** One page; at most 1,000 events, however many were asked for. */
export async function selectPage(pool: pg.Pool, after: bigint, limit: number): Promise<LogPage> {
  const pageLimit = Math.min(limit, MAX_PAGE_EVENTS);
  const { rows } = await pool.query<PageRow>({
    name: 'event_log_page',
    text: `SELECT ${AS_JSON} position) AS page
           FROM (SELECT * FROM events WHERE position > $1 ORDER BY position LIMIT $2) AS next`,
    values: [after, pageLimit],
  });
  const events = parsePage(rows[0]);
  return { events, position: events.at(-1)?.position ?? after, atEnd: events.length < pageLimit };
}

/** Up to `limit` events of a stream, in as many pages as that takes. */
export async function selectStream(
  pool: pg.Pool,
  stream: string,
  options: { readonly from?: bigint; readonly direction?: 'forwards' | 'backwards'; readonly limit: number },
): Promise<readonly RecordedEvent[]> {
  const backwards = options.direction === 'backwards';
  const events: RecordedEvent[] = [];
  let from = options.from ?? (backwards ? MAX_INT8 : 0n);
  for (;;) {
    const pageLimit = Math.min(options.limit - events.length, MAX_PAGE_EVENTS);
    const page = await selectStreamPage(pool, stream, from, backwards, pageLimit);
    events.push(...page);
    const last = page.at(-1);
    if (!last || page.length < pageLimit || events.length === options.limit) return events;
    from = last.revision + (backwards ? -1n : 1n);
  }
}

async function selectStreamPage(
  pool: pg.Pool,
  stream: string,
  from: bigint,
  backwards: boolean,
  limit: number,
): Promise<readonly RecordedEvent[]> {
  const [comparison, order] = backwards ? ['<=', 'DESC'] : ['>=', 'ASC'];
  const { rows } = await pool.query<PageRow>({
    name: backwards ? 'event_stream_backwards' : 'event_stream',
    text: `SELECT ${AS_JSON} revision ${order}) AS page
           FROM (SELECT * FROM events WHERE stream = $1 AND revision ${comparison} $2 ORDER BY revision ${order} LIMIT $3) AS next`,
    values: [stream, from, limit],
  });
  return parsePage(rows[0]);
}

const MAX_INT8 = 2n ** 63n - 1n;

export async function selectHead(pool: pg.Pool): Promise<bigint> {
  const { rows } = await pool.query<{ position: bigint }>('SELECT position FROM log_head');
  if (!rows[0]) throw new Error('log_head is empty: the log was tampered with');
  return rows[0].position;
}

function parsePage(row: PageRow | undefined): RecordedEvent[] {
  if (!row?.page) return [];
  return (JSON.parse(`[[${row.page}]]`) as StoredEvent[]).map(
    ([position, revision, stream, id, type, recordedAt, data, metadata]) => ({
      id,
      type,
      data,
      metadata,
      stream,
      revision: BigInt(revision),
      position: BigInt(position),
      recordedAt: new Date(recordedAt),
    }),
  );
}
