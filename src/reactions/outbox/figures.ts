import type { Queryable } from '../../projections/runtime/projection.js';
import type { OutboxFigures } from './outbox.js';

interface Row {
  readonly receiver: string;
  readonly waiting: bigint;
  readonly scheduled: bigint;
  readonly dead: bigint;
  readonly oldest: number | null;
}

/** What is not delivered, by receiver. Two scans, because each is by an index that holds nothing else. */
export async function readFigures(db: Queryable): Promise<OutboxFigures> {
  const { rows } = await db.query<Row>(
    `SELECT receiver, count(*) FILTER (WHERE state = 'waiting' AND ready_at <= now()) AS waiting,
            count(*) FILTER (WHERE state = 'waiting' AND ready_at > now()) AS scheduled,
            count(*) FILTER (WHERE state = 'dead') AS dead,
            extract(epoch FROM now() - min(ready_at) FILTER (WHERE state = 'waiting' AND ready_at <= now()))::float8 AS oldest
     FROM (SELECT receiver, state, ready_at FROM outbox WHERE state = 'waiting'
           UNION ALL SELECT receiver, state, ready_at FROM outbox WHERE state <> 'waiting' AND state = 'dead') unsent
     GROUP BY receiver ORDER BY receiver`,
  );
  const receivers = rows.map(({ receiver, waiting, scheduled, dead, oldest }) => ({
    receiver,
    waiting: Number(waiting),
    scheduled: Number(scheduled),
    dead: Number(dead),
    oldestSeconds: oldest ?? 0,
  }));
  const sum = (of: 'waiting' | 'scheduled' | 'dead') => receivers.reduce((all, each) => all + each[of], 0);
  return {
    waiting: sum('waiting'),
    scheduled: sum('scheduled'),
    dead: sum('dead'),
    oldestSeconds: Math.max(0, ...receivers.map(({ oldestSeconds }) => oldestSeconds)),
    receivers,
  };
}
