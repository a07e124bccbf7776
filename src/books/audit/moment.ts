import { DateTime } from 'luxon';

const WITH_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/**
 * An instant in ISO 8601, in the zone where it names no offset of its own. Undefined for anything else: a bare day could mean its
 * begin or its end.
 */
export function instantOf(text: string, timeZone: string): Date | undefined {
  if (text.length > 40 || !WITH_TIME.test(text)) return undefined;
  const instant = DateTime.fromISO(text, { zone: timeZone });
  return instant.isValid ? instant.toJSDate() : undefined;
}

/** A position of the log: a whole number, -1 for the place before the first event. Undefined for anything else. */
export function positionOf(text: string): bigint | undefined {
  return /^(-1|\d{1,18})$/.test(text) ? BigInt(text) : undefined;
}
