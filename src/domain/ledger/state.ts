import type { EventIn } from '../stored/event-in.js';
import type { ledgerEvents } from './events.js';

export type LedgerEvent = EventIn<typeof ledgerEvents>;

export interface FoundedLedger {
  readonly ledgerId: string;
  /** ISO 8601 in UTC. */
  readonly foundedAt: string;
  /** 0, and one more each time an older copy was accepted. */
  readonly generation: number;
  /** What was skipped, by the places of the log. */
  readonly skipped: ReadonlyMap<bigint, Skipped>;
}

/** Where nothing is to be made of an event. */
export type Skipped = EventOf<'event-skipped'>['data'];
type EventOf<Type extends LedgerEvent['type']> = Extract<LedgerEvent, { type: Type }>;

/** Undefined before the founding. */
export type LedgerState = FoundedLedger | undefined;

export function evolveLedger(state: LedgerState, event: LedgerEvent): LedgerState {
  if (event.type === 'log-accepted') return state && { ...state, generation: event.data.generation };
  if (event.type === 'event-skipped')
    return state && { ...state, skipped: new Map(state.skipped).set(event.data.position, event.data) };
  const { ledger_id: ledgerId, founded_at: foundedAt } = event.data;
  return { ledgerId, foundedAt, generation: 0, skipped: new Map() };
}
