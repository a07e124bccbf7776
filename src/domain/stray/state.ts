import type { DataIn, EventIn } from '../stored/event-in.js';
import type { strayEvents } from './events.js';

export type StrayEvent = EventIn<typeof strayEvents>;
type Settled = DataIn<typeof strayEvents, 'stray-payment-settled'>;

export interface Stray {
  readonly said: DataIn<typeof strayEvents, 'stray-payment-flagged'>;
  /** Undefined while nobody has decided. */
  readonly settled: Pick<Settled, 'decision' | 'credited_order'> | undefined;
}

/** Undefined where there is no such payment. */
export type StrayState = Stray | undefined;

export function evolveStray(state: StrayState, event: StrayEvent): StrayState {
  if (event.type === 'stray-payment-flagged') return { said: event.data, settled: undefined };
  if (!state) throw new Error('a stray payment is settled that was never flagged');
  return { ...state, settled: event.data };
}
