import type { LogRow } from './log-row.js';

export interface LogFilter {
  /** Inclusive and exclusive ends, already computed from days in the ledger's time zone. */
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  /** Whose history it is; another name finds nothing. Not a condition of the query. */
  readonly username?: string | undefined;
  readonly modelContains?: string | undefined;
  readonly type?: LogRow['type'] | undefined;
  readonly tokenId?: number | undefined;
}

/** A filter as conditions and their parameters; values never become part of the text. */
export interface FilterSql {
  /** On `l`, rows of the history. */
  readonly rows: string;
  /** On `d`, rows of the statistics, for the days of the zone `m.zone`. */
  readonly days: string;
  /** Whether the filter begins and ends with days of that zone. */
  readonly wholeDays: string;
  readonly parameters: readonly unknown[];
}

export function filterSql(accountId: string, filter: LogFilter): FilterSql {
  const rows = ['l.account_id = $1'];
  const days = ['d.account_id = $1'];
  const parameters: unknown[] = [accountId];
  const add = (value: unknown, row: (parameter: string) => string, day = row): void => {
    if (value === undefined) return;
    parameters.push(value);
    rows.push(row(`$${parameters.length}`));
    days.push(day(`$${parameters.length}`).replace(/\bl\./g, 'd.'));
  };
  const wholeDays = ['true'];
  const dayOf = (p: string) => `(${p}::timestamptz AT TIME ZONE m.zone)::date`;
  add(
    filter.from,
    (p) => `l.recorded_at >= ${p}::timestamptz`,
    (p) => `d.day >= ${dayOf(p)}`,
  );
  add(
    filter.until,
    (p) => `l.recorded_at < ${p}::timestamptz`,
    (p) => `d.day < ${dayOf(p)}`,
  );
  for (const at of [filter.from, filter.until]) {
    if (at === undefined) continue;
    const p = `$${parameters.indexOf(at) + 1}`;
    wholeDays.push(`${dayOf(p)}::timestamp AT TIME ZONE m.zone = ${p}::timestamptz`);
  }
  add(filter.type, (p) => `l.type = ${p}`);
  add(filter.tokenId, (p) => `l.token_id = ${p}`);
  // strpos, not LIKE: % and _ in a model's name mean themselves.
  add(storableText(filter.modelContains), (p) => `strpos(lower(l.model), lower(${p})) > 0`);
  return {
    rows: rows.join(' AND '),
    days: days.join(' AND '),
    wholeDays: wholeDays.join(' AND '),
    parameters,
  };
}

/** PostgreSQL refuses NUL in a text; no stored text has one, so one that never occurs will do. */
const storableText = (text: string | undefined): string | undefined => text?.replaceAll('\0', '\uFFFD\uFFFD');
