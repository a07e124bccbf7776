import { DateTime } from 'luxon';
import type { UsageQuestion } from '../../../domain/usage/usage-question.js';

export interface Buckets {
  readonly names: readonly string[];
  /** The first instant of each, and of what follows the last one. */
  readonly bounds: readonly Date[];
}

/**
 * The buckets from a day to another, both included. Days are 23 to 25 hours long where clocks change. Hours are counted from the beginning of
 * each day, so that those of a day are the day, and an hour that comes twice is two of them.
 */
export function bucketsOf(
  { interval, from, to }: Pick<UsageQuestion, 'interval' | 'from' | 'to'>,
  zone: string,
): Buckets {
  const names: string[] = [];
  const bounds: Date[] = [];
  const last = startOf(to, zone);
  let day = startOf(from, zone);
  for (; day <= last; day = nextDay(day)) {
    const next = nextDay(day);
    for (let at = day; at < next; at = interval === 'day' ? next : at.plus({ hours: 1 })) {
      names.push(interval === 'day' ? day.toFormat('yyyy-MM-dd') : hourName(at));
      bounds.push(at.toJSDate());
    }
  }
  return { names, bounds: [...bounds, day.toJSDate()] };
}

const startOf = (day: string, zone: string): DateTime => DateTime.fromISO(day, { zone }).startOf('day');
const nextDay = (day: DateTime): DateTime => day.plus({ days: 1 }).startOf('day');
const hourName = (at: DateTime): string => at.toFormat("yyyy-MM-dd'T'HH:mmZZ");
