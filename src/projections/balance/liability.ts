import { type Queryable, schemaOf } from '../runtime/projection.js';

/** What is owed to the users, in quota. */
export interface Liability {
  /** All balances together. */
  readonly quota: bigint;
  /** What those below nothing are below it, together: already taken off `quota`. */
  readonly overdrawn: bigint;
  /** Accounts that have something. */
  readonly accounts: number;
  /** Everything up to here is in it. */
  readonly position: bigint;
}

interface Row {
  readonly quota: string;
  readonly overdrawn: string;
  readonly accounts: bigint;
  readonly position: bigint;
}

/** A sum over all balances. Undefined while the tables are being made. */
export async function readLiability(db: Queryable): Promise<Liability | undefined> {
  const { rows } = await db.query<Row>(
    `SELECT c.position, b.* FROM projection_checkpoints c
     CROSS JOIN (SELECT coalesce(sum(balance), 0) AS quota, coalesce(-sum(balance) FILTER (WHERE balance < 0), 0) AS overdrawn,
                        count(*) FILTER (WHERE balance > 0) AS accounts
                 FROM ${schemaOf('balance')}.balances) b
     WHERE c.projection = 'balance' AND c.slot = 'live'`,
  );
  const [row] = rows;
  if (!row) return undefined;
  const { quota, overdrawn, accounts, position } = row;
  return { quota: BigInt(quota), overdrawn: BigInt(overdrawn), accounts: Number(accounts), position };
}
