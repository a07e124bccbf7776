import type { EventStore } from '../../eventstore/event-store.js';
import { withWhatIsBehind } from '../runtime/behind-tables.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import { tokens } from './projector.js';

/**
 * The tokens of an account that are not known to be revoked, none left out however far the tables are behind: what was issued after them
 * is looked for in the log, and without tables in all of it.
 */
export async function tokensOfAccount(
  db: Queryable,
  store: EventStore,
  accountId: string,
): Promise<readonly number[]> {
  const found = new Set<number>();
  const all = withWhatIsBehind({ db, store }, tokens, () => unrevoked(db, accountId), {
    type: 'token-issued',
    found: ({ type, data }) =>
      type === 'token-issued' && data.account_id === accountId ? [data.token_id] : [],
  });
  for await (const tokenId of all) found.add(tokenId);
  return [...found];
}

async function unrevoked(db: Queryable, accountId: string): Promise<readonly number[]> {
  const { rows } = await db.query<{ token_id: bigint }>(
    `SELECT token_id FROM ${schemaOf(tokens.name)}.tokens WHERE account_id = $1 AND NOT revoked ORDER BY token_id`,
    [accountId],
  );
  return rows.map(({ token_id }) => Number(token_id));
}
