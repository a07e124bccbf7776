import { accept, type Decider, type Decision, replay } from '../decider.js';
import { liabilityEvents } from './events.js';
import {
  type CommittedLiability,
  evolveLiability,
  type LiabilityEvent,
  type LiabilityState,
} from './state.js';

/** Of a day, or an instant, once: what was said first holds. */
function decide(command: CommittedLiability, { committed }: LiabilityState): Decision<LiabilityEvent> {
  if (committed.has(command.as_of)) return replay();
  return accept({ type: 'liability-committed', data: command });
}

export const liabilityDecider: Decider<LiabilityState, CommittedLiability, LiabilityEvent> = {
  initialState: () => ({ committed: new Set(), lastDay: undefined }),
  evolve: evolveLiability,
  decide,
  events: liabilityEvents,
};
