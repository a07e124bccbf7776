import { DateTime } from 'luxon';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const WITH_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/**
 * An instant in ISO 8601, in the zone where it names no offset of its own; a day is its last instant, so that it counts as a whole.
 * Undefined for anything else.
 */
export function instantOf(text: string, timeZone: string): Date | undefined {
  const isDay = DAY.test(text);
  if (text.length > 40 || !(isDay || WITH_TIME.test(text))) return undefined;
  const instant = DateTime.fromISO(text, { zone: timeZone });
  if (!instant.isValid) return undefined;
  return (isDay ? instant.endOf('day') : instant).toJSDate();
}

/** A position of the log: a whole number, -1 for the place before the first event. Undefined for anything else. */
export function positionOf(text: string): bigint | undefined {
  return /^(-1|\d{1,18})$/.test(text) ? BigInt(text) : undefined;
}
