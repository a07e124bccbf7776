import { DateTime } from 'luxon';
import { z } from 'zod';
import { type Decimal, parseDecimal } from '../../../domain/money/decimal.js';

// What the cells of other people's tables are read with. Tabs round an id keep spreadsheets from making a number of it.

/** Text without surrounding blanks. */
export const text = z.string().trim();

/** Stands for an id in a table of the ledger. */
export const id = text
  .min(1, 'is empty')
  .max(200, 'is longer than 200 characters')
  .regex(/^\P{Cc}*$/u, 'has control characters');

/** An id, or empty (also `0` and `-`, which some bills write for none): null. */
export const idOrNone = text.transform((value) => (/^[0-]?$/.test(value) ? null : value)).pipe(id.nullable());

/** A decimal as people export it: `1,234.50`, `-3.00`. */
export const amount = text.transform((value, context): Decimal => {
  const plain = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(value) ? value.replaceAll(',', '') : value;
  const found = parseDecimal(plain.startsWith('+') ? plain.slice(1) : plain);
  if (found) return found;
  context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is no amount` });
  return z.NEVER;
});

/** A whole number of tokens. */
export const count = text
  .regex(/^\d{1,15}(\.0+)?$/, 'is no whole number')
  .transform((value) => BigInt(value.split('.', 1)[0] ?? '0'));

export const currency = text
  .regex(/^[A-Za-z]{3,5}$/, 'is no currency')
  .transform((value) => value.toUpperCase());

const TIME =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/;

/** `2026-11-30 23:59:58`, ISO 8601, or `2026/11/30 23:59` as spreadsheets save it; in the zone unless it carries its own. */
export const time = (timezone: string) =>
  text.transform((value, context): Date => {
    const found = readTime(value, timezone);
    if (found) return found;
    context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is no time` });
    return z.NEVER;
  });

function readTime(value: string, timezone: string): Date | undefined {
  const match = TIME.exec(value);
  if (!match) return undefined;
  const [, year, month, day, hour = 0, minute = 0, second = 0, offset] = match;
  const zone = offset === undefined ? timezone : /^(Z|UTC)$/.test(offset) ? 'utc' : `UTC${offset}`;
  const found = DateTime.fromObject(
    {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
    },
    { zone },
  );
  return found.isValid ? found.toJSDate() : undefined;
}

/** A cell that may be empty: null. */
export const orEmpty = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(
    (value) => (typeof value === 'string' && value.trim() === '' ? null : value),
    schema.nullable(),
  );

/** The first fault of a row, as `column: what`. */
export function faultOf(error: z.ZodError, columnOf: (field: string) => string | undefined): string {
  const [issue] = error.issues;
  if (!issue) return 'is wrong';
  const field = issue.path.map(String).join('.');
  return field === '' ? issue.message : `${columnOf(field) ?? field}: ${issue.message}`;
}
