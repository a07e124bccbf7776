import type pg from 'pg';

/** How far read models are behind the log. */
export interface Lag {
  readonly events: number;
  /** How old the oldest event is that is not in all of them; 0 when all are. */
  readonly ms: number;
}

const SQL = `
  WITH behind AS (
    SELECT min(position) AS position FROM projection_checkpoints WHERE slot = 'live'
  )
  SELECT log_head.position - behind.position AS events,
    coalesce(extract(epoch FROM clock_timestamp() - (SELECT recorded_at FROM events WHERE events.position = behind.position + 1)) * 1000, 0) AS ms
  FROM behind, log_head`;

export async function lagOf(pool: pg.Pool): Promise<Lag> {
  const { rows } = await pool.query<{ events: string; ms: string }>(SQL);
  return { events: Number(rows[0]?.events), ms: Number(rows[0]?.ms) };
}

/** Asks again and again until `work` is done. */
export async function lagsDuring(
  work: Promise<unknown>,
  lag: () => Promise<Lag>,
  everyMs = 50,
): Promise<readonly Lag[]> {
  const lags: Lag[] = [];
  let over = false;
  const done = work.finally(() => (over = true));
  while (!over) {
    lags.push(await lag());
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  await done;
  return lags;
}
