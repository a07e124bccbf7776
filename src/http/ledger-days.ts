import { DateTime } from 'luxon';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Instants of the log lie between these; days outside of them are no different from their edges. */
const EARLIEST = DateTime.utc(1970);
const LATEST = DateTime.utc(9999);

/** The first instant of a `YYYY-MM-DD` in the zone. Undefined when the text is anything else, or no day of the calendar. */
export function startOfDay(text: string | undefined, timezone: string): Date | undefined {
  return dayOf(text, timezone)?.toJSDate();
}

/** The first instant after that day: days are 23 to 25 hours long where clocks change. */
export function endOfDay(text: string | undefined, timezone: string): Date | undefined {
  return dayOf(text, timezone)?.plus({ days: 1 }).startOf('day').toJSDate();
}

function dayOf(text: string | undefined, timezone: string): DateTime | undefined {
  if (text === undefined || !DAY.test(text)) return undefined;
  const day = DateTime.fromISO(text, { zone: timezone });
  if (!day.isValid) return undefined;
  return day < EARLIEST ? EARLIEST : day > LATEST ? LATEST : day;
}

/** `2024-01-30 15:30:25`, in the zone. */
export function ledgerTime(at: Date, timezone: string): string {
  return DateTime.fromJSDate(at, { zone: timezone }).toFormat('yyyy-MM-dd HH:mm:ss');
}

/** ISO 8601 with the zone's offset. */
export function ledgerTimeIso(at: Date, timezone: string): string {
  return DateTime.fromJSDate(at, { zone: timezone }).toISO() ?? at.toISOString();
}
