import { expect } from '@jest/globals';
import type { Decider } from '../../src/domain/decider.js';
import type { Refusal } from '../../src/domain/refusal.js';

/**
 * given(events).when(command).then(events) for a decider; `thenRefused` for a refusal, `thenNothing` where there is nothing to do,
 * `thenReplayed` where it came before. What is accepted is also sent again: the repetition must come to no further event.
 *
 * @param repeatable false for the commands of which each asks for something new
 */
export function specification<State, Command, Event>(
  decider: Decider<State, Command, Event>,
  { repeatable = true } = {},
) {
  const fold = (events: readonly Event[]): State =>
    events.reduce((state, event) => decider.evolve(state, event), decider.initialState());
  return {
    given: (...events: readonly Event[]) => ({
      when: (command: Command) => {
        const decision = decider.decide(command, fold(events));
        return {
          then: (...expected: readonly Event[]) => {
            expect(decision).toEqual({ kind: 'accepted', events: expected });
            const again = decider.decide(command, fold([...events, ...expected]));
            if (repeatable) expect(again.kind === 'accepted' ? again.events : []).toEqual([]);
          },
          thenNothing: () => expect(decision).toEqual({ kind: 'accepted', events: [] }),
          thenReplayed: () => expect(decision).toEqual({ kind: 'accepted', events: [], replayed: true }),
          thenRefused: (refusal: Refusal) => expect(decision).toEqual({ kind: 'refused', refusal }),
        };
      },
    }),
  };
}
