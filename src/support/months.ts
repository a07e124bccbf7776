import { DateTime } from 'luxon';

/**
 * So many months later in the calendar of a zone, at the same time of its clocks: of a day that the month does not have, its last one. What is
 * counted from one beginning is not shortened by a short month on the way.
 */
export const monthsAfter = (from: Date, months: number, timeZone: string): Date =>
  DateTime.fromJSDate(from, { zone: timeZone }).plus({ months }).toJSDate();

/** When the month of a moment began in a zone. */
export const monthOf = (at: Date, timeZone: string): Date =>
  DateTime.fromJSDate(at, { zone: timeZone }).startOf('month').toJSDate();
