import { type Queryable, schemaOf } from '../runtime/projection.js';
import { storableText } from '../runtime/rows.js';

/** Where an act is in the log. */
export interface ActPlace {
  readonly position: bigint;
  readonly recordedAt: Date;
  readonly actor: string;
  /** Without its version: `price-list-published`. */
  readonly type: string;
  readonly stream: string;
  readonly revision: bigint;
}

export interface ActFilter {
  readonly actor?: string | undefined;
  readonly type?: string | undefined;
  /** Of one thing: its stream. */
  readonly stream?: string | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

interface Row extends Omit<ActPlace, 'recordedAt'> {
  readonly recorded_at: Date;
}

const TABLE = `${schemaOf('acts')}.acts`;
const MATCHES = `($1::text IS NULL OR actor = $1) AND ($2::text IS NULL OR type = $2) AND ($3::text IS NULL OR stream = $3)
       AND ($4::timestamptz IS NULL OR recorded_at >= $4) AND ($5::timestamptz IS NULL OR recorded_at < $5)`;

const valuesOf = ({ actor, type, stream, from, until }: ActFilter) => [
  ...[actor, type, stream].map((text) => (text === undefined ? null : storableText(text))),
  from ?? null,
  until ?? null,
];

/** Acts before a place of the log, the newest first. */
export async function newestActs(
  db: Queryable,
  filter: ActFilter,
  { before, limit }: { readonly before?: bigint | undefined; readonly limit: number },
): Promise<readonly ActPlace[]> {
  const { rows } = await db.query<Row>(
    `SELECT position, recorded_at, actor, type, stream, revision FROM ${TABLE}
     WHERE ${MATCHES} AND ($6::bigint IS NULL OR position < $6) ORDER BY position DESC LIMIT $7`,
    [...valuesOf(filter), before ?? null, limit],
  );
  return rows.map(({ recorded_at: recordedAt, ...row }) => ({ ...row, recordedAt }));
}

/** How many there are; no more than `most` and one are counted. */
export async function countActs(db: Queryable, filter: ActFilter, most: number): Promise<number> {
  const { rows } = await db.query<{ acts: bigint }>(
    `SELECT count(*) AS acts FROM (SELECT FROM ${TABLE} WHERE ${MATCHES} LIMIT $6) found`,
    [...valuesOf(filter), most + 1],
  );
  return Number(rows[0]?.acts ?? 0);
}
