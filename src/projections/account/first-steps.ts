import { MOST_EPHEMERAL_SECONDS } from '../../domain/token/ephemeral.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

interface Row {
  readonly topped_up: boolean;
  readonly has_key: boolean;
  readonly has_called: boolean;
}

/** What an account has ever had: money, a key that was made to last, a call that was answered. */
export async function readFirstSteps(db: Queryable, accountId: string) {
  const { rows } = await db.query<Row>(
    `SELECT EXISTS (SELECT FROM ${schemaOf('payments')}.payments WHERE account_id = $1)
            OR coalesce(b.balance > 0 OR b.used_quota > 0, false) AS topped_up,
            EXISTS (SELECT FROM ${schemaOf('tokens')}.tokens t WHERE t.account_id = $1 AND coalesce(
              (t.limits ->> 'expires_at')::bigint > extract(epoch FROM t.issued_at) + ${MOST_EPHEMERAL_SECONDS}, true)) AS has_key,
            coalesce(b.total_requests > 0, false) AS has_called
     FROM (SELECT $1::uuid AS account_id) me LEFT JOIN ${schemaOf('balance')}.balances b USING (account_id)`,
    [accountId],
  );
  const [row] = rows;
  return {
    toppedUp: row?.topped_up ?? false,
    hasKey: row?.has_key ?? false,
    hasCalled: row?.has_called ?? false,
  };
}
