import type { LogFilter } from '../read-models.js';
import { schemaOf } from '../runtime/projection.js';

/** A filter as the condition on `l` (log_rows) and its parameters; values never become part of the text. */
export function filterSql(
  accountId: string,
  filter: LogFilter,
): { readonly where: string; readonly parameters: readonly unknown[] } {
  const conditions = ['l.account_id = $1'];
  const parameters: unknown[] = [accountId];
  const add = (condition: (parameter: string) => string, value: unknown): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition(`$${parameters.length}`));
  };
  add((p) => `l.recorded_at >= ${p}`, filter.from);
  add((p) => `l.recorded_at < ${p}`, filter.until);
  add((p) => `l.type = ${p}`, filter.type);
  add((p) => `l.token_id = ${p}`, filter.tokenId);
  // strpos, not LIKE: % and _ in a model's name mean themselves.
  add((p) => `strpos(lower(l.model), lower(${p})) > 0`, storableText(filter.modelContains));
  add(
    (p) =>
      `EXISTS (SELECT FROM ${schemaOf('accounts')}.accounts a WHERE a.account_id = $1 AND a.username = ${p})`,
    storableText(filter.username),
  );
  return { where: conditions.join(' AND '), parameters };
}

/** PostgreSQL refuses NUL in a text; no stored text has one, so one that never occurs will do. */
const storableText = (text: string | undefined): string | undefined => text?.replaceAll('\0', '\uFFFD\uFFFD');
