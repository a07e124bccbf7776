import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import type { Books } from './fold/books.js';

/** What all movements of one kind come to, from the events and in the tables. In quota; what takes from users has a minus. */
export interface Sum {
  readonly name: 'credited' | 'refunded' | 'granted' | 'charged' | 'corrected' | 'balance';
  readonly events: bigint;
  readonly tables: bigint;
}

/** The whole of the books in six lines, of which the last is that of the others. Says no more than the checks, to who reads one figure. */
export async function readSums(tx: Queryable, { moved, accounts }: Books): Promise<readonly Sum[]> {
  const { rows } = await tx.query<Record<Sum['name'], string>>(
    `SELECT -coalesce(sum(spend) FILTER (WHERE type = 'topup'), 0) AS credited,
            -coalesce(sum(spend) FILTER (WHERE type = 'refund'), 0) AS refunded,
            -coalesce(sum(spend) FILTER (WHERE type = 'grant'), 0) AS granted,
            -coalesce(sum(spend) FILTER (WHERE model <> ''), 0) AS charged,
            -coalesce(sum(spend) FILTER (WHERE type = 'adjust' AND model = ''), 0) AS corrected,
            (SELECT coalesce(sum(balance), 0) FROM ${schemaOf('balance')}.balances) AS balance
     FROM ${schemaOf('usage-log')}.log_rows`,
  );
  const balance = [...accounts.values()].reduce((sum, account) => sum + account.balance, 0n);
  const events = {
    credited: moved.credited,
    refunded: 0n - moved.refunded,
    granted: moved.granted,
    charged: 0n - moved.charged,
    corrected: moved.corrected,
    balance,
  };
  return (Object.keys(events) as (keyof typeof events)[]).map((name) => ({
    name,
    events: events[name],
    tables: BigInt(rows[0]?.[name] ?? 0),
  }));
}
