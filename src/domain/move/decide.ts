import { accept, type Decider, type Decision, replay } from '../decider.js';
import { moveEvents } from './events.js';
import { evolveMove, type LogHistory, type MoveEvent } from './state.js';

/** What is to be told of the log. */
export type MoveCommand = { readonly type: 'tell'; readonly event: MoveEvent };

/** Each is told once; who asks has looked whether the log is the one that it is about. */
function decide({ event }: MoveCommand, { begun, copied, closed }: LogHistory): Decision<MoveEvent> {
  const told = { 'log-copy-begun': begun, 'log-copied': copied, 'log-closed': closed }[event.type];
  return told ? replay() : accept(event);
}

export const moveDecider: Decider<LogHistory, MoveCommand, MoveEvent> = {
  initialState: () => ({}),
  evolve: evolveMove,
  decide,
  events: moveEvents,
};
