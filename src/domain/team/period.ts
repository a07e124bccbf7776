export const budgetPeriods = ['day', 'week', 'month'] as const;
export type BudgetPeriod = (typeof budgetPeriods)[number];

/** How often a budget begins anew, and by whose clocks. */
export interface BudgetCalendar {
  readonly period: BudgetPeriod;
  readonly timezone: string;
}

/** One day, week (from Monday, ISO 8601) or month of a zone. */
export interface NamedPeriod {
  /** `20261130`, `2026W49` or `202611`: what the key of its budget ends in, so that a new period is a new key. */
  readonly name: string;
  /** Milliseconds since 1970: the first in it, and the first behind it. */
  readonly startsMs: number;
  readonly endsMs: number;
}

const DAY_MS = 86_400_000;
/** What clocks differ from UTC by at most, and an hour. */
const MOST_OFFSET_MS = 15 * 3_600_000;

/** Of each calendar the period that was asked for last: nearly all calls are of the same one. */
const latest = new Map<string, NamedPeriod>();
const clocks = new Map<string, Intl.DateTimeFormat>();

/** An IANA name; offsets are none, since their days never change. */
export function isTimezone(name: string): boolean {
  if (name.length > 64 || !/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/**
 * The period that an instant is in. It begins at the first instant of its first day, also where clocks leave midnight out or have it twice, and
 * ends where the next one begins: days have 23, 24 or 25 hours.
 */
export function periodAt({ period, timezone }: BudgetCalendar, ms: number): NamedPeriod {
  const calendar = `${period} ${timezone}`;
  const known = latest.get(calendar);
  if (known && known.startsMs <= ms && ms < known.endsMs) return known;
  const first = firstDay(period, dayAt(timezone, ms));
  const found = {
    name: nameOf(period, first),
    startsMs: beginningOf(first, timezone),
    endsMs: beginningOf(dayAfter(period, first), timezone),
  };
  latest.set(calendar, found);
  return found;
}

/** A day is told by the milliseconds of its midnight in UTC, wherever it is. */
function dayAt(timezone: string, ms: number): number {
  let clock = clocks.get(timezone);
  if (!clock)
    clocks.set(
      timezone,
      (clock = new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
        ...{ timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' },
      })),
    );
  const parts = new Map(clock.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts.get('year') ?? 0, (parts.get('month') ?? 1) - 1, parts.get('day') ?? 1);
}

function firstDay(period: BudgetPeriod, day: number): number {
  const date = new Date(day);
  if (period === 'week') return day - ((date.getUTCDay() + 6) % 7) * DAY_MS;
  return period === 'month' ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) : day;
}

function dayAfter(period: BudgetPeriod, first: number): number {
  const date = new Date(first);
  if (period === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return first + (period === 'week' ? 7 : 1) * DAY_MS;
}

function nameOf(period: BudgetPeriod, first: number): string {
  const text = new Date(first).toISOString().slice(0, 10).replaceAll('-', '');
  if (period === 'month') return text.slice(0, 6);
  if (period === 'day') return text;
  // A week is of the year that its Thursday is of.
  const year = new Date(first + 3 * DAY_MS).getUTCFullYear();
  const week = Math.floor((first + 3 * DAY_MS - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1;
  return `${year}W${String(week).padStart(2, '0')}`;
}

/** The first instant of a day, by halving: no time of the clock says it where midnight is left out, or there twice. */
function beginningOf(day: number, timezone: string): number {
  let before = day - MOST_OFFSET_MS;
  let there = day + MOST_OFFSET_MS;
  while (there - before > 1) {
    const middle = Math.floor((there + before) / 2);
    if (dayAt(timezone, middle) >= day) there = middle;
    else before = middle;
  }
  return there;
}
