import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { subscriptionDecider } from '../../../src/domain/subscription/decide.js';
import { nextPeriod, type SubscriptionState } from '../../../src/domain/subscription/state.js';
import { monthsAfter } from '../../../src/support/months.js';

const ZONES = ['Asia/Shanghai', 'UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'Europe/Berlin'];
const HOUR_MS = 3_600_000;

const starts = fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2033, 0, 1) }).map((ms) => new Date(ms));
const zones = fc.constantFrom(...ZONES);

const clockOf = ({ hour, minute, second, millisecond }: DateTime) => [hour, minute, second, millisecond];

/** Paid for one after another, each before the one before is over. */
function booked(start: Date, lengths: readonly number[], zone: string): SubscriptionState {
  return lengths.reduce<SubscriptionState>((state, months, index) => {
    const next = nextPeriod(state, start);
    const endsAt = monthsAfter(new Date(next.anchoredAt), next.fromMonth + months, zone);
    const id = '66666666-6666-5666-8666-666666666666';
    const whose = { subscription_id: id, account_id: id, user_id: 1, plan_id: 'p', plan_version: 1 };
    const terms = { ...whose, order_id: `${index}`, quota: 1n, priority: 1, months, by: 'system' };
    const decision = subscriptionDecider.decide({ type: 'book', terms, now: start, endsAt }, state);
    if (decision.kind === 'refused') throw new Error(decision.refusal.code);
    return decision.events.reduce((folded, event) => subscriptionDecider.evolve(folded, event), state);
  }, undefined);
}

describe('periods of a plan', () => {
  it('begin to the instant, follow each other without a gap, and keep day and clock of their beginning', () => {
    fc.assert(
      fc.property(
        starts,
        zones,
        fc.array(fc.integer({ min: 1, max: 36 }), { minLength: 1, maxLength: 14 }),
        (start, zone, lengths) => {
          const periods = booked(start, lengths, zone)?.periods ?? [];
          const begun = DateTime.fromJSDate(start, { zone });
          let [at, months] = [start.toISOString(), 0];
          for (const [index, { terms }] of periods.entries()) {
            months += lengths[index] ?? 0;
            expect(terms.starts_at).toBe(at);
            at = terms.ends_at;
            const end = DateTime.fromISO(terms.ends_at, { zone });
            // Of a day that the month does not have, its last one, and no month later for it.
            const month = begun.startOf('month').plus({ months });
            const day = Math.min(begun.day, month.daysInMonth ?? 0);
            const { hour, minute, second, millisecond } = begun;
            const wanted = month.set({ day, hour, minute, second, millisecond });
            // The clock of a day that has that hour twice shows it at both; a day that leaves it out has the next one.
            expect(Math.abs(end.toMillis() - wanted.toMillis())).toBeLessThanOrEqual(HOUR_MS);
            if (wanted.hour === hour) expect(clockOf(end)).toEqual(clockOf(begun));
            expect([end.month, end.year]).toEqual([month.month, month.year]);
            expect(terms.ends_at > terms.starts_at).toBe(true);
          }
        },
      ),
      // Begun on the day on which clocks are put on, and over on one on which they are put back.
      { numRuns: 500, examples: [[new Date('2030-03-31T01:00:00.000Z'), 'Europe/Berlin', [30, 1]]] },
    );
  });

  it('of the last day of January end on the last day of each month, leap years too', () => {
    const start = new Date('2028-01-31T15:59:59.999Z');
    const ends = booked(start, [1, 1, 1, 9, 1], 'Asia/Shanghai')?.periods.map(({ terms }) => terms.ends_at);
    expect(ends).toEqual([
      '2028-02-29T15:59:59.999Z',
      '2028-03-31T15:59:59.999Z',
      '2028-04-30T15:59:59.999Z',
      '2029-01-31T15:59:59.999Z',
      '2029-02-28T15:59:59.999Z',
    ]);
  });
});
