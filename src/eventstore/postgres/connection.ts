import pg from 'pg';
import { type AppendOutcome, EventStoreUnavailable, type StreamWrite } from '../event-store.js';
import { textsWithinLimits } from '../limits.js';
import type { NewConnection } from '../log-trust.js';
import type { Seals } from '../seals.js';
import { type AppendRequest, describeBatch, parseResults, prepareRequest } from './append-request.js';
import { selectHead, selectStream } from './reads.js';

/** Appends in one transaction, and one round trip. Rejects with what the server said. */
export async function appendBatch(
  connection: pg.ClientBase,
  requests: readonly AppendRequest[],
): Promise<readonly AppendOutcome[]> {
  const { rows } = await connection.query<{ results: unknown }>({
    name: 'append_events',
    text: 'SELECT append_events($1) AS results',
    values: [describeBatch(requests)],
  });
  return parseResults(rows[0]?.results, requests.length);
}

/** An ERROR rolled the transaction back; anything else (the connection broke, the server was shut down) may have come after it. */
export const isRolledBack = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.severity === 'ERROR';

/** The log as it is behind one connection, for whoever decides whether that may be used. */
export function newConnection(connection: pg.ClientBase, seals?: Seals): NewConnection {
  const read = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      throw new EventStoreUnavailable('the event store cannot be read', { cause });
    }
  };
  return {
    append: (writes) => append(connection, writes, seals),
    readStream: (stream, options) => read(selectStream(connection, stream, options)),
    head: () => read(selectHead(connection)),
    reaches: async (position) => (await read(selectHead(connection))) >= position,
  };
}

async function append(
  connection: pg.ClientBase,
  writes: readonly StreamWrite[],
  seals: Seals | undefined,
): Promise<AppendOutcome> {
  const request = prepareRequest(writes, textsWithinLimits(writes, seals));
  try {
    const [outcome] = await appendBatch(connection, [request]);
    return outcome ?? { outcome: 'unknown', cause: new Error('the append was not answered') };
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    return { outcome: isRolledBack(error) ? 'unavailable' : 'unknown', cause };
  }
}
