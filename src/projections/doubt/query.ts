import { type Queryable, schemaOf } from '../runtime/projection.js';

/** A charge in doubt: what was reported beside what was charged, and how it was settled. */
export interface DoubtView {
  readonly callId: string;
  readonly requestId: string;
  readonly externalUserId: string;
  readonly tokenId: number;
  readonly model: string;
  /** As charged. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly quota: bigint;
  /** Why the report is not believed, and what it said. */
  readonly reason: string;
  readonly reported: string;
  /** Of the charge, in the log. */
  readonly position: bigint;
  readonly recordedAt: Date;
  /** Undefined while it is open. */
  readonly settled: Settlement | undefined;
}

export interface Settlement {
  /** What the account got back; negative: what it paid more; 0: the charge stands. */
  readonly adjusted: bigint;
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
}

export interface DoubtFilter {
  readonly state?: 'open' | 'settled' | undefined;
  readonly externalUserId?: string | undefined;
  readonly model?: string | undefined;
  /** Recorded after this position of the log. */
  readonly after?: bigint | undefined;
}

interface Row {
  readonly call_id: string;
  readonly request_id: string;
  readonly external_user_id: string;
  readonly token_id: bigint;
  readonly model: string;
  readonly prompt_tokens: bigint;
  readonly completion_tokens: bigint;
  readonly quota: bigint;
  readonly reason: string;
  readonly reported: string;
  readonly position: bigint;
  readonly recorded_at: Date;
  readonly adjusted: bigint | null;
  readonly settled_by: string;
  readonly settled_because: string;
  readonly settled_at: Date;
}

const SELECT = `SELECT d.*, a.external_user_id FROM ${schemaOf('doubts')}.doubts d JOIN ${schemaOf('accounts')}.accounts a USING (account_id)`;

/** The oldest first: they have waited longest. */
export async function listDoubts(
  db: Queryable,
  { state, externalUserId, model, after = -1n }: DoubtFilter,
  limit: number,
): Promise<readonly DoubtView[]> {
  const { rows } = await db.query<Row>(
    `${SELECT}
     WHERE d.position > $1
       ${state === undefined ? '' : `AND d.adjusted IS ${state === 'open' ? '' : 'NOT'} NULL`}
       AND ($2::text IS NULL OR a.external_user_id = $2) AND ($3::text IS NULL OR d.model = $3)
     ORDER BY d.position LIMIT $4`,
    [after, externalUserId ?? null, model ?? null, limit],
  );
  return rows.map(viewOf);
}

/** By the id of the call, else of its request: that one clients choose, and may choose again; then it is the latest. */
export async function findDoubt(db: Queryable, id: string): Promise<DoubtView | undefined> {
  const { rows } = await db.query<Row>(
    `${SELECT} WHERE d.call_id::text = $1 OR d.request_id = $1
     ORDER BY d.call_id::text = $1 DESC, d.position DESC LIMIT 1`,
    [id],
  );
  return rows[0] && viewOf(rows[0]);
}

export async function countOpenDoubts(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ open: string }>(
    `SELECT count(*) AS open FROM ${schemaOf('doubts')}.doubts WHERE adjusted IS NULL`,
  );
  return Number(rows[0]?.open ?? 0);
}

const viewOf = (row: Row): DoubtView => ({
  callId: row.call_id,
  requestId: row.request_id,
  externalUserId: row.external_user_id,
  tokenId: Number(row.token_id),
  model: row.model,
  promptTokens: Number(row.prompt_tokens),
  completionTokens: Number(row.completion_tokens),
  quota: row.quota,
  reason: row.reason,
  reported: row.reported,
  position: row.position,
  recordedAt: row.recorded_at,
  settled:
    row.adjusted === null
      ? undefined
      : { adjusted: row.adjusted, by: row.settled_by, reason: row.settled_because, at: row.settled_at },
});
