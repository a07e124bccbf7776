import type { DataIn, EventIn } from '../stored/event-in.js';
import type { grantEvents } from './events.js';

export type GrantEvent = EventIn<typeof grantEvents>;
type Given = DataIn<typeof grantEvents, 'grant-given'>;
type Closed = DataIn<typeof grantEvents, 'grant-closed'>;

/** `withdrawal_id` of what takes all that is left. */
export const ALL = 'all';

export interface Grant {
  readonly terms: Given;
  /** Nothing burns it any more. */
  readonly closed: Closed | undefined;
  /** What was left of it was taken. */
  readonly isOver: boolean;
  /** Parts that were taken of it, by what they are for. */
  readonly withdrawn: ReadonlyMap<string, bigint>;
}

/** Undefined before it was given. */
export type GrantState = Grant | undefined;

export function evolveGrant(state: GrantState, event: GrantEvent): GrantState {
  if (event.type === 'grant-given')
    return { terms: event.data, closed: undefined, isOver: false, withdrawn: new Map() };
  if (!state) throw new Error(`${event.type} comes before the grant was given`);
  switch (event.type) {
    case 'grant-closed':
      return { ...state, closed: event.data };
    case 'grant-expired':
      return { ...state, isOver: true };
    case 'grant-withdrawn': {
      const { withdrawal_id, quota } = event.data;
      return {
        ...state,
        isOver: state.isOver || withdrawal_id === ALL,
        withdrawn: new Map([...state.withdrawn, [withdrawal_id, quota]]),
      };
    }
  }
}
