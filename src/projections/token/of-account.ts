import { type DomainEvent, decodeEvent, typeOfStored } from '../../domain/events/catalogue.js';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.js';
import { readLog } from '../../eventstore/read-log.js';
import { readCheckpoints } from '../runtime/checkpoints.js';
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
  const [checkpoint] = await readCheckpoints(db, [tokens.name], 'live');
  // Read after the checkpoint: the table has at least what is up to there.
  const known = checkpoint ? await unrevoked(db, accountId) : [];
  const found = new Set(known);
  for await (const { events } of readLog(store, { after: checkpoint?.position ?? -1n }))
    for (const event of events) {
      const issued = issuedIn(event);
      if (issued?.account_id === accountId) found.add(issued.token_id);
    }
  return [...found];
}

async function unrevoked(db: Queryable, accountId: string): Promise<readonly number[]> {
  const { rows } = await db.query<{ token_id: bigint }>(
    `SELECT token_id FROM ${schemaOf(tokens.name)}.tokens WHERE account_id = $1 AND NOT revoked ORDER BY token_id`,
    [accountId],
  );
  return rows.map(({ token_id }) => Number(token_id));
}

function issuedIn({
  type,
  data,
}: RecordedEvent): Extract<DomainEvent, { type: 'token-issued' }>['data'] | undefined {
  if (typeOfStored(type) !== 'token-issued') return undefined;
  const event = decodeEvent(type, data);
  return event.type === 'token-issued' ? event.data : undefined;
}
