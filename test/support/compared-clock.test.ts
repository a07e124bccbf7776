import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ComparedClock, MOST_APART_MS, MOST_AT_ONCE_MS } from '../../src/support/compared-clock.js';

const START = Date.parse('2026-11-30T10:00:00Z');

/** A machine whose clock can be set, asleep or awake, and another one whose clock is right. */
function aMachine(aheadMs = 0) {
  const state = { right: START, ahead: aheadMs, asleep: 0, answersAfter: 0 };
  const clock = new ComparedClock(
    () => {
      const told = new Date(state.right);
      state.right += state.answersAfter;
      return Promise.resolve(told);
    },
    'the other one',
    { ofDay: () => state.right + state.ahead, steady: () => state.right - START - state.asleep },
  );
  return { state, clock };
}

describe('a clock that is compared with another one', () => {
  it('goes on steadily from when they agreed, wherever the machine is set to meanwhile', async () => {
    const { state, clock } = aMachine(1_000);
    await clock.compare();
    state.right += 5_000;
    state.ahead += 7_200_000;
    expect(clock.now()).toBe(START + 6_000);
    expect(clock.fault).toBe(
      "the clock of this process was set 2 h 0 min ahead at once, and is first compared with the other one's",
    );
  });

  it('is not relied on while they differ, and is again when they agree', async () => {
    const { state, clock } = aMachine(-3_900_000);
    await clock.compare();
    expect(clock.fault).toBe(
      "the clock of this process differs from the other one's: it is 1 h 5 min behind",
    );
    state.ahead = 0;
    await clock.compare();
    expect(clock.fault).toBeUndefined();
    expect(clock.now()).toBe(state.right);
  });

  it('follows a machine that was asleep', async () => {
    const { state, clock } = aMachine();
    await clock.compare();
    state.right += 3_600_000;
    state.asleep += 3_600_000;
    expect(clock.fault).toContain('was set 1 h 0 min ahead at once');
    await clock.compare();
    expect(clock.fault).toBeUndefined();
    expect(clock.now()).toBe(state.right);
  });

  it('keeps what it knew where the other one cannot be asked', async () => {
    const clock = new ComparedClock(() => Promise.reject(new Error('away')), 'the other one');
    await expect(clock.compare()).rejects.toThrow('away');
    expect(clock.fault).toBeUndefined();
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
  });

  it('does not take the time of an answer for a difference, and never says a time that is further off than it may be', async () => {
    const aheadMs = fc.integer({ min: -20 * 60_000, max: 20 * 60_000 });
    const sets = fc.array(aheadMs, { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        aheadMs,
        fc.integer({ min: 0, max: 600_000 }),
        sets,
        async (ahead, answersAfter, later) => {
          const { state, clock } = aMachine(ahead);
          state.answersAfter = answersAfter;
          await clock.compare();
          if (Math.abs(ahead) <= MOST_APART_MS) expect(clock.fault).toBeUndefined();
          if (ahead > MOST_APART_MS + answersAfter || ahead < -MOST_APART_MS - answersAfter)
            expect(clock.fault).toBeDefined();
          if (clock.fault !== undefined) return;
          for (const set of later) {
            state.ahead = set;
            expect(Math.abs(clock.now() - state.right)).toBeLessThanOrEqual(MOST_APART_MS + answersAfter);
            if (Math.abs(set - ahead) > MOST_AT_ONCE_MS) expect(clock.fault).toBeDefined();
          }
        },
      ),
    );
  });
});
