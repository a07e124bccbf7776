import { opened } from '../../support/opened.js';
import type { OpenTexts } from '../../support/personal-data-vault.js';
import type { Queryable } from './projection.js';

/**
 * The same connection for readers: what people wrote is sealed in the tables, as it is in the log, and readable in the rows that come from
 * here. Conditions of a query see it sealed.
 */
export function openedRows(db: Queryable, open: OpenTexts): Queryable {
  const query = async (text: string, values?: unknown[]) => {
    const result = await db.query<Record<string, unknown>>(text, values);
    return { ...result, rows: await opened(open, result.rows) };
  };
  return { query: query as Queryable['query'] };
}
