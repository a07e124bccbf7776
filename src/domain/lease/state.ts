import type { DataIn, EventIn } from '../stored/event-in.js';
import type { leaseEvents } from './events.js';

export type LeaseEvent = EventIn<typeof leaseEvents>;
export type AbandonedLease = DataIn<typeof leaseEvents, 'lease-abandoned'>;

/** Which leases of an account were given up. */
export type LeaseState = ReadonlySet<string>;

export const evolveLeases = (state: LeaseState, { data }: LeaseEvent): LeaseState =>
  new Set([...state, data.lease_id]);
