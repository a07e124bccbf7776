import { accept, type Decider, type Decision, replay } from '../decider.js';
import { leaseEvents } from './events.js';
import { type AbandonedLease, evolveLeases, type LeaseEvent, type LeaseState } from './state.js';

/** Of a lease once, however many find that its holder is dead. */
function decide(lease: AbandonedLease, abandoned: LeaseState): Decision<LeaseEvent> {
  if (abandoned.has(lease.lease_id)) return replay();
  return accept({ type: 'lease-abandoned', data: lease });
}

export const leaseDecider: Decider<LeaseState, AbandonedLease, LeaseEvent> = {
  initialState: () => new Set(),
  evolve: evolveLeases,
  decide,
  events: leaseEvents,
};
