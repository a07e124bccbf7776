import { decodeEvent } from '../domain/events/codec.js';
import { typeOfStored } from '../domain/events/versions.js';
import type { EventStore } from '../eventstore/event-store.js';
import { readLog } from '../eventstore/read-log.js';
import { accounts } from './account/projector.js';
import { readCheckpoints } from './runtime/checkpoints.js';
import { type Queryable, schemaOf } from './runtime/projection.js';
import { tokens } from './token/projector.js';

/** Of users and of access keys; 0 where none was given. */
export interface NumbersGiven {
  readonly userId: number;
  readonly tokenId: number;
}

/** The highest numbers that the log names, however far the tables are behind: what came after them is looked for in the log. */
export async function numbersGiven(db: Queryable, store: EventStore): Promise<NumbersGiven> {
  const checkpoints = await readCheckpoints(db, [accounts.name, tokens.name], 'live');
  const known = checkpoints.length === 2;
  // Read after the checkpoints: the tables have at least what is up to there.
  let { userId, tokenId } = known ? await highestInTables(db) : { userId: 0, tokenId: 0 };
  const [first = -1n, second = -1n] = known ? checkpoints.map(({ position }) => position) : [];
  for await (const { events } of readLog(store, { after: first < second ? first : second }))
    for (const { type, data } of events) {
      const name = typeOfStored(type);
      if (name !== 'account-registered' && name !== 'token-issued') continue;
      const event = decodeEvent(type, data);
      if (event.type === 'account-registered') userId = Math.max(userId, event.data.user_id);
      if (event.type === 'token-issued') tokenId = Math.max(tokenId, event.data.token_id);
    }
  return { userId, tokenId };
}

async function highestInTables(db: Queryable): Promise<NumbersGiven> {
  const { rows } = await db.query<{ user_id: bigint | null; token_id: bigint | null }>(
    `SELECT (SELECT max(user_id) FROM ${schemaOf(accounts.name)}.accounts) AS user_id,
            (SELECT max(token_id) FROM ${schemaOf(tokens.name)}.tokens) AS token_id`,
  );
  const [row] = rows;
  return { userId: Number(row?.user_id ?? 0), tokenId: Number(row?.token_id ?? 0) };
}
