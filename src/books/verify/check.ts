import { storableText } from '../../projections/runtime/rows.js';

/** Values of one row as both sides write them; compared as text. */
export type Fields = Readonly<Record<string, string | number | bigint | boolean | null>>;

export interface Difference {
  /** What it is about: a log position, an account, a payment. */
  readonly key: string;
  /** Whose books are wrong, where that is known. */
  readonly accountId: string | null;
  readonly expected: string;
  readonly found: string;
}

export interface Check {
  readonly name: string;
  readonly compared: number;
  /** The first 1,000. */
  readonly differences: readonly Difference[];
  /** Further ones that are not listed. */
  readonly omitted: number;
}

/** Differences of a check, those beyond the kept ones included. */
export const countOf = (check: Check): number => check.differences.length + check.omitted;

/** Differences of all checks together. */
export function driftOf({ checks }: { readonly checks: readonly Check[] }): number {
  return checks.reduce((sum, check) => sum + countOf(check), 0);
}

const MAX_DIFFERENCES = 1_000;

/** Collects what one check finds, in bounded memory. */
export class Finding implements Check {
  compared = 0;
  omitted = 0;
  readonly differences: Difference[] = [];

  constructor(readonly name: string) {}

  differ(key: string, accountId: string | null, expected: string, found: string): void {
    if (this.differences.length < MAX_DIFFERENCES) this.differences.push({ key, accountId, expected, found });
    else this.omitted += 1;
  }

  /**
   * One row: `undefined` where a side does not have it. Only the fields that differ are told. A field that one side does not know of is a
   * difference: a column that nobody thought of must not pass unseen.
   */
  compare(
    key: string,
    accountId: string | null,
    expected: Fields | undefined,
    found: Fields | undefined,
  ): void {
    this.compared += 1;
    if (!expected || !found) {
      if (expected !== found) this.differ(key, accountId, tell(expected), tell(found));
      return;
    }
    const wrong = differingFields(expected, found);
    if (wrong) this.differ(key, accountId, tell(expected, wrong), tell(found, wrong));
  }
}

/** Nothing is made for rows that are alike, which is nearly all. */
function differingFields(expected: Fields, found: Fields): readonly string[] | undefined {
  let wrong: string[] | undefined;
  const look = (field: string): void => {
    if (expected[field] === found[field] || String(expected[field]) === String(found[field])) return;
    (wrong ??= []).push(field);
  };
  for (const field of Object.keys(expected)) look(field);
  for (const field of Object.keys(found)) if (!(field in expected)) look(field);
  return wrong;
}

function tell(fields: Fields | undefined, only?: readonly string[]): string {
  if (!fields) return 'nothing';
  return (only ?? Object.keys(fields)).map((field) => `${field} ${String(fields[field])}`).join(', ');
}

/** JSON text that does not depend on the order of keys (jsonb keeps its own), of texts as the tables can store them. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') return storableText(part);
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
