import type { EventIn } from '../stored/event-in.js';
import type { moveEvents } from './events.js';

export type MoveEvent = EventIn<typeof moveEvents>;
type DataOf<Type extends MoveEvent['type']> = Extract<MoveEvent, { type: Type }>['data'];

/** What a log is among the logs of its ledger; nothing is known of one that was never moved. */
export interface LogHistory {
  /** The log is a copy, or is to become one. */
  readonly begun?: DataOf<'log-copy-begun'>;
  /** The copy is whole. */
  readonly copied?: DataOf<'log-copied'>;
  /** The ledger has another log now. */
  readonly closed?: DataOf<'log-closed'>;
}

export function evolveMove(state: LogHistory, event: MoveEvent): LogHistory {
  if (event.type === 'log-copy-begun') return { ...state, begun: event.data };
  if (event.type === 'log-copied') return { ...state, copied: event.data };
  return { ...state, closed: event.data };
}
