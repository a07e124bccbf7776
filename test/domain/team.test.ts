import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { teamDecider } from '../../src/domain/team/decide.js';
import { budgetPeriods, isTimezone, periodAt } from '../../src/domain/team/period.js';
import type { BudgetSet, TeamState } from '../../src/domain/team/state.js';
import { periodName } from '../../src/books/verify/fold/period-name.js';
import { anEvent } from '../support/events.js';

// Midnights that are left out (Cairo, Beirut), that are there twice (Havana), half an hour (Lord Howe), and none of all that.
const ZONES = [
  ...['UTC', 'Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'Africa/Cairo', 'Asia/Beirut'],
  ...['America/Havana', 'America/Santiago', 'Australia/Lord_Howe', 'Pacific/Kiritimati', 'Asia/Kathmandu'],
];
const FROM = Date.UTC(2024, 0, 1);
const UNTIL = Date.UTC(2031, 0, 1);
const HOUR_MS = 3_600_000;

const calendars = fc.record({
  timezone: fc.constantFrom(...ZONES),
  period: fc.constantFrom(...budgetPeriods),
});

describe('the period of an instant', () => {
  it('begins and ends to the instant, in zones whose days have 23, 24 or 25 hours', () => {
    fc.assert(
      fc.property(calendars, fc.integer({ min: FROM, max: UNTIL }), (calendar, ms) => {
        const { name, startsMs, endsMs } = periodAt(calendar, ms);
        expect(startsMs <= ms && ms < endsMs).toBe(true);
        for (const inside of [startsMs, endsMs - 1])
          expect(periodAt(calendar, inside)).toEqual({ name, startsMs, endsMs });
        expect(periodAt(calendar, startsMs - 1)).toMatchObject({ endsMs: startsMs });
        expect(periodAt(calendar, endsMs)).toMatchObject({ startsMs: endsMs });
        expect(periodAt(calendar, endsMs).name > name).toBe(true);
        // What verify says by code of its own.
        for (const at of [startsMs - 1, startsMs, ms, endsMs - 1, endsMs])
          expect(periodAt(calendar, at).name).toBe(
            periodName(calendar.period, calendar.timezone, new Date(at)),
          );
      }),
      { numRuns: 120 },
    );
  });

  it('has as many hours as the clocks let it have', () => {
    const hours = (timezone: string, at: string) => {
      const { startsMs, endsMs } = periodAt({ period: 'day', timezone }, Date.parse(at));
      return (endsMs - startsMs) / HOUR_MS;
    };
    expect(hours('Europe/Berlin', '2026-03-29T12:00:00Z')).toBe(23);
    expect(hours('Europe/Berlin', '2026-10-25T12:00:00Z')).toBe(25);
    expect(hours('America/Havana', '2026-11-01T12:00:00Z')).toBe(25);
    expect(hours('Africa/Cairo', '2026-04-24T12:00:00Z')).toBe(23);
    expect(hours('Asia/Shanghai', '2026-10-25T12:00:00Z')).toBe(24);
  });

  it('is named so that its key sorts, and a week by the year of its Thursday', () => {
    const at = Date.parse('2026-12-31T23:00:00Z');
    expect(periodAt({ period: 'day', timezone: 'UTC' }, at).name).toBe('20261231');
    expect(periodAt({ period: 'month', timezone: 'Asia/Shanghai' }, at).name).toBe('202701');
    expect(periodAt({ period: 'week', timezone: 'Asia/Shanghai' }, at).name).toBe('2026W53');
    expect(isTimezone('Asia/Shanghai')).toBe(true);
    expect(isTimezone('Asia/Nowhere')).toBe(false);
  });
});

const { data: budget } = anEvent('budget-set');

/** With a member. */
const team = (): TeamState =>
  [anEvent('team-created'), anEvent('team-member-added')].reduce<TeamState>(
    (state, event) => teamDecider.evolve(state, event),
    undefined,
  );

const setBudget = (changes: Partial<BudgetSet>, state = team()) =>
  teamDecider.decide({ type: 'set-budget', budget: { ...budget, ...changes } }, state);

describe('a team', () => {
  it('does not do again what was done', () => {
    const state = teamDecider.evolve(team(), anEvent('budget-set'));
    const replayed = { kind: 'accepted', events: [], replayed: true };
    expect(teamDecider.decide({ type: 'create', team: anEvent('team-created').data }, state)).toEqual(
      replayed,
    );
    const { member_id: memberId } = anEvent('team-member-added').data;
    expect(teamDecider.decide({ type: 'add', memberId, userId: 2, by: 'x' }, state)).toEqual(replayed);
    expect(setBudget({}, state)).toEqual(replayed);
    const gone = teamDecider.evolve(state, anEvent('team-member-removed'));
    expect(teamDecider.decide({ type: 'remove', memberId, by: 'x' }, gone)).toEqual(replayed);
    expect(teamDecider.decide({ type: 'add', memberId, userId: 2, by: 'x' }, gone)).toMatchObject({
      events: [{ type: 'team-member-added' }],
    });
  });

  it('has no budget that nobody could keep to', () => {
    expect(setBudget({ timezone: 'Moon/Sea' })).toMatchObject({ refusal: { code: 'budget_invalid' } });
    expect(setBudget({ quota: -1n })).toMatchObject({ refusal: { code: 'budget_invalid' } });
    const stranger = { kind: 'member', member_id: budget.team_id } as const;
    expect(setBudget({ scope: stranger })).toMatchObject({ refusal: { code: 'team_member_not_found' } });
    expect(setBudget({}, undefined)).toMatchObject({ events: [{ type: 'budget-set' }] });
    expect(teamDecider.decide({ type: 'set-budget', budget }, undefined)).toMatchObject({
      refusal: { code: 'team_not_found' },
    });
    // Taking away what is not there.
    expect(setBudget({ quota: null })).toMatchObject({ events: [], replayed: true });
  });
});
