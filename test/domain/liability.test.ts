import { describe, expect, it } from '@jest/globals';
import { liabilityDecider } from '../../src/domain/liability/decide.js';
import type { LiabilityState } from '../../src/domain/liability/state.js';
import { anEvent } from '../support/events.js';

const committed = (as_of: string) => anEvent('liability-committed', { as_of });
const given = (...days: readonly string[]): LiabilityState =>
  days.reduce(
    (state, day) => liabilityDecider.evolve(state, committed(day)),
    liabilityDecider.initialState(),
  );

describe('what is owed as of a day', () => {
  it('is said with all that is known of it', () => {
    const { data } = committed('2026-11-29');
    expect(liabilityDecider.decide(data, given())).toEqual({
      kind: 'accepted',
      events: [{ type: 'liability-committed', data }],
    });
  });

  it('is said once, whatever somebody else would say of the same day later', () => {
    const other = { ...committed('2026-11-29').data, entries: 99 };
    expect(liabilityDecider.decide(other, given('2026-11-28', '2026-11-29'))).toEqual({
      kind: 'accepted',
      events: [],
      replayed: true,
    });
  });

  it('is another thing than what is owed as of an instant', () => {
    const { data } = committed('2026-11-29T12:00:00.000Z');
    expect(liabilityDecider.decide(data, given('2026-11-29'))).toMatchObject({ events: [{ data }] });
  });
});
