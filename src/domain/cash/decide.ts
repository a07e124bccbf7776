import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { cashEvents } from './events.js';
import type { CashEvent, CashState, CashTerms } from './state.js';

/** Money of a provider that moved and is no customer's. */
export interface BookCash {
  readonly type: 'book';
  readonly terms: CashTerms;
}

function decide({ terms }: BookCash, state: CashState): Decision<CashEvent> {
  if (terms.amount_minor <= 0n || terms.quota <= 0n) return refuse({ code: 'cash_amount_invalid' });
  if (!state) return accept({ type: 'cash-booked', data: terms });
  // At what rate it was booked stays so, whatever the rate is by now.
  const field = (['currency', 'amount_minor'] as const).find((name) => state[name] !== terms[name]);
  return field === undefined ? replay() : refuse({ code: 'cash_conflict', field });
}

export const cashDecider: Decider<CashState, BookCash, CashEvent> = {
  initialState: () => undefined,
  evolve: (_, event) => event.data,
  decide,
  events: cashEvents,
};
