import { DateTime } from 'luxon';
import { type FieldError, invalidRequest } from '../../../failure.js';
import type { DayRange } from '../../../people/own.js';

const DAY = 'yyyy-MM-dd';

/**
 * Days of the ledger: from the first of this month to today, where they are not given.
 *
 * Throws a 400 for a range that ends before it begins.
 */
export function daysOf(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: Date,
  timezone: string,
): DayRange {
  const today = DateTime.fromJSDate(now, { zone: timezone });
  const last = to ?? today.toFormat(DAY);
  const first = from ?? DateTime.fromISO(last).startOf('month').toFormat(DAY);
  if (first > last) throw invalidRequest([wrongRange(first)]);
  return { from: first, to: last };
}

const wrongRange = (from: string): FieldError => ({
  field: 'to',
  rule: 'min',
  text: { zh: `不得早于 from (${from})`, en: `must not be before from (${from})` },
});

/** `2026-11`: its first and last day. Undefined for what is no month. */
export function monthOf(text: string): DayRange | undefined {
  const first = /^\d{4}-\d{2}$/.test(text) ? DateTime.fromISO(`${text}-01`) : undefined;
  if (!first?.isValid) return undefined;
  return { from: first.toFormat(DAY), to: first.endOf('month').toFormat(DAY) };
}

/** From the month of an instant to that of another, the newest first. */
export function monthsBetween(from: Date, to: Date, timezone: string): readonly string[] {
  const months: string[] = [];
  const first = DateTime.fromJSDate(from, { zone: timezone }).startOf('month');
  for (
    let at = DateTime.fromJSDate(to, { zone: timezone }).startOf('month');
    at >= first;
    at = at.minus({ months: 1 })
  )
    months.push(at.toFormat('yyyy-MM'));
  return months;
}
