import type { DataIn, EventIn } from '../stored/event-in.js';
import type { cashEvents } from './events.js';

export type CashEvent = EventIn<typeof cashEvents>;
export type CashTerms = DataIn<typeof cashEvents, 'cash-booked'>;

/** Undefined before it was booked. */
export type CashState = CashTerms | undefined;
