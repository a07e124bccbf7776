import { DateTime } from 'luxon';
import { z } from 'zod';
import { sourceOf, type UsageInterval, type UsageQuestion } from '../../domain/usage/usage-question.js';
import { type FieldError, invalidRequest } from '../failure.js';
import { complaints } from '../validation.js';

const MOST_DAYS = 400;
/** Hours are counted from the history, row by row, and so is what the days do not tell apart. */
const MOST_DAYS_OF_HOURS = 7;
const MOST_DAYS_OF_HISTORY = 31;
const DEFAULT_DAYS: Readonly<Record<UsageInterval, number>> = { day: 30, hour: 2 };

const FIRST = '1970-01-01';
const LAST = '9998-12-31';

/** A day of the calendar, `YYYY-MM-DD`. */
export const dayField = z
  .string()
  .refine(
    (text) =>
      /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text).isValid && text >= FIRST && text <= LAST,
    {
      params: complaints.type('应为 YYYY-MM-DD 格式的日期', 'must be a day as YYYY-MM-DD'),
    },
  )
  .meta({ format: 'date', examples: ['2026-11-01'] });

interface Asked extends Omit<UsageQuestion, 'from' | 'to'> {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * The question with its days: to today and from a month before, in the zone, where they are not given.
 *
 * Throws a 400 for a range that ends before it begins, or is longer than is counted at once.
 */
export function usageQuestion(asked: Asked, now: Date, timezone: string): UsageQuestion {
  const to = asked.to ?? DateTime.fromJSDate(now, { zone: timezone }).toFormat('yyyy-MM-dd');
  const back = DEFAULT_DAYS[asked.interval] - 1;
  const from = asked.from ?? utc(to).minus({ days: back }).toFormat('yyyy-MM-dd');
  const question = { ...asked, from, to };
  const days = utc(to).diff(utc(from), 'days').days + 1;
  if (days < 1) throw wrongRange(`不得早于 from (${from})`, `must not be before from (${from})`);
  const most = mostDaysOf(question);
  if (days > most)
    throw wrongRange(`最多查询 ${most} 天`, `must be at most ${most} days from the first, for what is asked`);
  return question;
}

const utc = (day: string): DateTime => DateTime.fromISO(day, { zone: 'utc' });

function mostDaysOf(question: UsageQuestion): number {
  if (question.interval === 'hour') return MOST_DAYS_OF_HOURS;
  return sourceOf(question) === 'history' ? MOST_DAYS_OF_HISTORY : MOST_DAYS;
}

function wrongRange(zh: string, en: string) {
  const error: FieldError = { field: 'to', rule: 'max', text: { zh, en } };
  return invalidRequest([error]);
}

export const rangeInput = {
  from: dayField
    .meta({
      description: `the first day, in the ledger's time zone; default: ${DEFAULT_DAYS.day} days to the last, or ${DEFAULT_DAYS.hour} for hours`,
    })
    .optional(),
  to: dayField
    .meta({
      description: `the last day, included; default: today. At most ${MOST_DAYS} days, ${MOST_DAYS_OF_HOURS} for hours`,
    })
    .optional(),
};
