import type pg from 'pg';
import { bigintArray, textArray, uuidArray } from '../../postgres/binary-array.js';
import type { AppendOutcome } from '../event-store.js';
import type { AppendRequest, PreparedWrite } from './append-request.js';

/** What append_at_ends takes: lists with an element a stream, and lists with an element an event, of which there are `events`. */
interface AtEnds {
  readonly events: number;
  readonly values: readonly Buffer[];
}

/**
 * Appends in one transaction, and one round trip, the short way: what has to be decided is whether every stream ends where its writer
 * believes. Undefined, and nothing stored, where that is not so; rejects with what the server said. `ring` tells the listeners.
 */
export async function appendAtEnds(
  connection: pg.ClientBase,
  requests: readonly AppendRequest[],
  ring: boolean,
): Promise<readonly AppendOutcome[] | undefined> {
  const prepared = describeAtEnds(requests);
  if (!prepared) return undefined;
  const { rows } = await connection.query<{ position: bigint | null }>({
    name: 'append_at_ends',
    text: 'SELECT append_at_ends($1, $2, $3, $4, $5, $6, $7, $8, $9) AS position',
    values: [...prepared.values, ring],
  });
  const last = rows[0]?.position;
  if (last === undefined || last === null) return undefined;
  return outcomesOf(requests, last - BigInt(prepared.events));
}

/** Undefined where the writes themselves contradict each other. */
function describeAtEnds(requests: readonly AppendRequest[]): AtEnds | undefined {
  const ends = new Map<string, bigint>();
  /** Where each stream ends after the writes so far. */
  const reached = new Map<string, bigint>();
  const [streams, revisions, ids]: [string[], bigint[], string[]] = [[], [], []];
  const [types, datas, metadatas]: [string[], string[], string[]] = [[], [], []];
  for (const { writes } of requests)
    for (const { stream, end, events } of writes) {
      const before = reached.get(stream);
      if (before === undefined) ends.set(stream, end);
      else if (before !== end) return undefined;
      let revision = end;
      for (const { id, type, data, metadata } of events) {
        streams.push(stream);
        revisions.push((revision += 1n));
        ids.push(id);
        types.push(type);
        datas.push(data);
        metadatas.push(metadata);
      }
      reached.set(stream, revision);
    }
  const values = [
    textArray([...ends.keys()]),
    bigintArray([...ends.values()]),
    textArray(streams),
    bigintArray(revisions),
    uuidArray(ids),
    textArray(types),
    textArray(datas, 'json'),
    textArray(metadatas, 'json'),
  ];
  return { events: ids.length, values };
}

/** The events of all calls stand one after the other behind `before`. */
function outcomesOf(requests: readonly AppendRequest[], before: bigint): readonly AppendOutcome[] {
  let position = before;
  return requests.map(({ writes }) => {
    for (const { events } of writes) position += BigInt(events.length);
    return { outcome: 'appended', position, revisions: writes.map(lastRevision) };
  });
}

const lastRevision = ({ end, events }: PreparedWrite): bigint => end + BigInt(events.length);
