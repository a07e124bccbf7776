import { DateTime } from 'luxon';

/** Half open: from inclusive, to exclusive. Undefined: without end on that side. */
export interface Period {
  readonly from: Date | undefined;
  readonly to: Date | undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Reads `--from` and `--to`: a day (`2026-11-30`, both days inclusive) or a time (`2026-11-30T12:00`, ISO 8601, `to` exclusive),
 * in the zone unless it carries an offset. @throws RangeError that a person can read
 */
export function parsePeriod(from: string | undefined, to: string | undefined, timezone: string): Period {
  const period = {
    from: from === undefined ? undefined : parseEdge('--from', from, timezone).start,
    to: to === undefined ? undefined : parseEdge('--to', to, timezone).end,
  };
  if (period.from && period.to && period.from >= period.to)
    throw new RangeError(`the period ends before it begins: --from ${from} --to ${to}`);
  return period;
}

function parseEdge(
  option: string,
  text: string,
  timezone: string,
): { readonly start: Date; readonly end: Date } {
  const at = DateTime.fromISO(text.replace(' ', 'T'), { zone: timezone });
  if (!at.isValid || !(DAY.test(text) || TIME.test(text)))
    throw new RangeError(
      `${option}: ${JSON.stringify(text)} is neither a day (2026-11-30) nor a time (2026-11-30T12:00)`,
    );
  const end = DAY.test(text) ? at.plus({ days: 1 }).startOf('day') : at;
  return { start: at.toJSDate(), end: end.toJSDate() };
}

/** The day of an instant in the zone, `yyyy-mm-dd`. */
export function dayOf(at: Date, timezone: string): string {
  return DateTime.fromJSDate(at, { zone: timezone }).toFormat('yyyy-MM-dd');
}
