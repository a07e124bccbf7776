import type pg from 'pg';

/** A connection keeps what it has prepared: more texts than this are no fixed ones, and are sent as they are. */
const TEXTS_MOST = 200;

const names = new Map<string, string>();

/**
 * A statement that the server parses and plans once for each connection instead of each time, which takes it longer than to answer most of ours.
 *
 * For a text that is the same each time, and whose plan is good for any values: none that asks `$1 IS NULL OR …`. The server plans it anew when it has
 * analyzed its tables, so it is also none for tables that are just being filled.
 */
export function prepared(text: string, values: unknown[]): pg.QueryConfig {
  let name = names.get(text);
  if (name === undefined && names.size < TEXTS_MOST) names.set(text, (name = `prepared-${names.size}`));
  return name === undefined ? { text, values } : { name, text, values };
}

/** The connection, with every statement that has values prepared. */
export function preparing(connection: Pick<pg.ClientBase, 'query'>): Pick<pg.ClientBase, 'query'> {
  const query = (what: string | pg.Submittable, values?: unknown[]): unknown =>
    typeof what === 'string' && values
      ? connection.query(prepared(what, values))
      : connection.query(what as string, values);
  return { query: query as pg.ClientBase['query'] };
}
