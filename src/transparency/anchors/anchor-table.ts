import type pg from 'pg';

type Queryable = Pick<pg.Pool, 'query'>;

/** How an anchor is doing. */
export interface AnchorState {
  readonly name: string;
  /** Entries of the last checkpoint that it has. */
  readonly size: number;
  readonly anchoredAt: Date | undefined;
  readonly failures: number;
  readonly failingSince: Date | undefined;
  readonly lastFault: string | undefined;
}

interface Row {
  readonly name: string;
  readonly size: bigint;
  readonly anchored_at: Date | null;
  readonly failures: bigint;
  readonly failing_since: Date | null;
  readonly last_fault: string | null;
}

/** Rows for those that are named, and no others. Answers the names of those that are gone. */
export async function installAnchors(db: Queryable, names: readonly string[]): Promise<readonly string[]> {
  await db.query(
    'INSERT INTO transparency_anchors (name) SELECT * FROM unnest($1::text[]) ON CONFLICT DO NOTHING',
    [names],
  );
  const { rows } = await db.query<{ name: string }>(
    'DELETE FROM transparency_anchors WHERE name <> ALL($1::text[]) RETURNING name',
    [names],
  );
  return rows.map(({ name }) => name);
}

export async function readAnchors(db: Queryable): Promise<readonly AnchorState[]> {
  const { rows } = await db.query<Row>('SELECT * FROM transparency_anchors ORDER BY name');
  return rows.map((row) => ({
    name: row.name,
    size: Number(row.size),
    anchoredAt: row.anchored_at ?? undefined,
    failures: Number(row.failures),
    failingSince: row.failing_since ?? undefined,
    lastFault: row.last_fault ?? undefined,
  }));
}

/**
 * Takes an anchor that is due and lacks entries, for so long: no other process is at it meanwhile.
 * @returns how many entries it has; undefined where there is nothing to do
 */
export async function claimAnchor(
  db: Queryable,
  name: string,
  { below, leaseMs }: { readonly below: number; readonly leaseMs: number },
): Promise<number | undefined> {
  const { rows } = await db.query<{ size: bigint }>(
    `UPDATE transparency_anchors SET next_at = now() + make_interval(secs => $3 / 1000.0)
     WHERE name = $1 AND next_at <= now() AND size < $2 RETURNING size`,
    [name, below, leaseMs],
  );
  return rows[0] && Number(rows[0].size);
}

/** It has that checkpoint. */
export async function anchored(db: Queryable, name: string, size: number, againInMs: number): Promise<void> {
  await db.query(
    `UPDATE transparency_anchors
     SET size = greatest(size, $2), anchored_at = now(), next_at = now() + make_interval(secs => $3 / 1000.0),
         attempts = 0, failing_since = NULL, last_fault = NULL
     WHERE name = $1`,
    [name, size, againInMs],
  );
}

/** It has not taken a checkpoint. Answers for how many milliseconds it has not taken any. */
export async function failedToAnchor(
  db: Queryable,
  name: string,
  { reason, againInMs }: { readonly reason: string; readonly againInMs: (attempts: number) => number },
): Promise<number> {
  const { rows } = await db.query<{ attempts: number; lost_ms: number }>(
    `UPDATE transparency_anchors
     SET attempts = attempts + 1, failures = failures + 1, failing_since = coalesce(failing_since, now()), last_fault = $2
     WHERE name = $1
     RETURNING attempts, (extract(epoch FROM now() - failing_since) * 1000)::float8 AS lost_ms`,
    [name, reason],
  );
  const [row] = rows;
  await db.query(
    'UPDATE transparency_anchors SET next_at = now() + make_interval(secs => $2 / 1000.0) WHERE name = $1',
    [name, againInMs(row?.attempts ?? 1)],
  );
  return row?.lost_ms ?? 0;
}
