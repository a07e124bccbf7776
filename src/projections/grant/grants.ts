import { ALL } from '../../domain/grant/state.js';
import { isOneOf, type LedgerEvent, type Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';

/** Grants as they were given, and how far each has come. */
export async function projectGrants(
  tx: Queryable,
  schema: string,
  events: readonly LedgerEvent[],
): Promise<void> {
  await insert(tx, schema, events);
  await update(tx, schema, events.flatMap(stepOf));
}

async function insert(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows = events
    .filter((event) => isOneOf(event, 'grant-given'))
    .map(({ data: { by: given_by, quota, ...data }, position, recordedAt: given_at }) => ({
      ...data,
      ...{ given_by, quota: quota.toString(), position: position.toString(), given_at },
    }));
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.grants (grant_id, account_id, kind, source, quota, priority, ends_at, reason, given_by, position, given_at,
                                   status, expired, withdrawn)
     SELECT row.*, 'open', 0, 0
     FROM json_to_recordset($1) AS row (grant_id uuid, account_id uuid, kind text, source text, quota bigint, priority integer,
                                        ends_at timestamptz, reason text, given_by text, position bigint, given_at timestamptz)`,
    [jsonRows(rows)],
  );
}

interface Step {
  readonly grant_id: string;
  readonly status?: 'closed' | 'expired' | 'withdrawn';
  readonly closed_at?: Date;
  readonly closed_because?: string;
  readonly ended_at?: Date;
  readonly expired?: bigint;
  readonly withdrawn?: bigint;
  readonly withdrawn_by?: string;
  readonly withdrawn_because?: string;
}

function stepOf(event: LedgerEvent): readonly Step[] {
  switch (event.type) {
    case 'grant-closed': {
      const { grant_id, why: closed_because } = event.data;
      return [{ grant_id, status: 'closed', closed_at: event.recordedAt, closed_because }];
    }
    case 'grant-expired': {
      const { grant_id, quota: expired } = event.data;
      return [{ grant_id, status: 'expired', ended_at: event.recordedAt, expired }];
    }
    case 'grant-withdrawn': {
      const { grant_id, quota: withdrawn, by: withdrawn_by, reason: withdrawn_because } = event.data;
      const part = { grant_id, withdrawn, withdrawn_by, withdrawn_because };
      if (event.data.withdrawal_id !== ALL) return [part];
      return [{ ...part, status: 'withdrawn', ended_at: event.recordedAt }];
    }
    default:
      return [];
  }
}

/** The steps of one grant in a batch are one. */
async function update(tx: Queryable, schema: string, steps: readonly Step[]): Promise<void> {
  const merged = new Map<string, Step>();
  for (const step of steps) {
    const before = merged.get(step.grant_id);
    const withdrawn = (before?.withdrawn ?? 0n) + (step.withdrawn ?? 0n);
    merged.set(step.grant_id, { ...before, ...step, withdrawn });
  }
  if (merged.size === 0) return;
  const rows = [...merged.values()].map(({ expired = 0n, withdrawn = 0n, ...step }) => ({
    ...step,
    ...{ expired: expired.toString(), withdrawn: withdrawn.toString() },
  }));
  await tx.query(
    `UPDATE ${schema}.grants g
     SET status = coalesce(row.status, g.status), closed_at = coalesce(row.closed_at, g.closed_at),
         closed_because = coalesce(row.closed_because, g.closed_because), ended_at = coalesce(row.ended_at, g.ended_at),
         expired = g.expired + row.expired, withdrawn = g.withdrawn + row.withdrawn,
         withdrawn_by = coalesce(row.withdrawn_by, g.withdrawn_by),
         withdrawn_because = coalesce(row.withdrawn_because, g.withdrawn_because)
     FROM json_to_recordset($1) AS row (grant_id uuid, status text, closed_at timestamptz, closed_because text, ended_at timestamptz,
                                        expired bigint, withdrawn bigint, withdrawn_by text, withdrawn_because text)
     WHERE g.grant_id = row.grant_id`,
    [jsonRows(rows)],
  );
}
