import type { EventIn } from '../stored/event-in.js';
import type { ledgerEvents } from './events.js';

export type LedgerEvent = EventIn<typeof ledgerEvents>;

export interface FoundedLedger {
  readonly ledgerId: string;
  /** ISO 8601 in UTC. */
  readonly foundedAt: string;
  /** 0, and one more each time an older copy was accepted. */
  readonly generation: number;
}

/** Undefined before the founding. */
export type LedgerState = FoundedLedger | undefined;

export function evolveLedger(state: LedgerState, event: LedgerEvent): LedgerState {
  if (event.type === 'log-accepted') return state && { ...state, generation: event.data.generation };
  const { ledger_id: ledgerId, founded_at: foundedAt } = event.data;
  return { ledgerId, foundedAt, generation: 0 };
}
