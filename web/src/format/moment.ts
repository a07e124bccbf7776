const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  // The Swedish way of writing is that of ISO 8601.
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  formats.set(zone, made);
  return made;
}

/**
 * `2026-11-28 14:32:09` in a zone, in every language.
 * @param time unix seconds, or ISO 8601 as the API sends it
 */
export const moment = (time: number | string, zone: string): string =>
  formatOf(zone).format(typeof time === 'number' ? time * 1000 : new Date(time));

const clocks = new Map<string, Intl.DateTimeFormat>();

/**
 * `14:32:09.218` in a zone, beside a day that is told elsewhere.
 * @param time unix milliseconds, or ISO 8601 as the API sends it
 */
export function clockTime(time: number | string, zone: string): string {
  const format =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
    });
  clocks.set(zone, format);
  return format.format(new Date(time));
}
