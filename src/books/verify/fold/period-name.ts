const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The day, ISO week or month that an instant is in by the clocks of a zone: by code of its own, from the zone's calendar alone. */
export function periodName(period: string, timezone: string, at: Date): string {
  const [year, month, day] = dateIn(timezone, at);
  if (period === 'month') return `${padded(year, 4)}${padded(month, 2)}`;
  if (period === 'day') return `${padded(year, 4)}${padded(month, 2)}${padded(day, 2)}`;
  return weekOf(year, month, day);
}

function dateIn(timezone: string, at: Date): readonly [year: number, month: number, day: number] {
  let format = formats.get(timezone);
  if (!format)
    formats.set(
      timezone,
      (format = new Intl.DateTimeFormat('en-US', {
        ...{ timeZone: timezone, calendar: 'gregory', numberingSystem: 'latn' },
        ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      })),
    );
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return [parts.get('year') ?? 0, parts.get('month') ?? 0, parts.get('day') ?? 0];
}

/** A week is of the year that its Thursday is of. */
function weekOf(year: number, month: number, day: number): string {
  const date = Date.UTC(year, month - 1, day);
  const fromMonday = (new Date(date).getUTCDay() + 6) % 7;
  const thursday = new Date(date + (3 - fromMonday) * DAY_MS);
  const ofYear = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(ofYear, 0, 1)) / (7 * DAY_MS)) + 1;
  return `${padded(ofYear, 4)}W${padded(week, 2)}`;
}

const padded = (number: number, places: number): string => String(number).padStart(places, '0');
