import type { EventIn } from '../stored/event-in.js';
import type { ledgerEvents } from './events.js';

export type LedgerEvent = EventIn<typeof ledgerEvents>;

export interface FoundedLedger {
  readonly ledgerId: string;
  /** ISO 8601 in UTC. */
  readonly foundedAt: string;
  /** 0, and one more each time an older copy was accepted. */
  readonly generation: number;
  /** Of the key that events are sealed with; undefined while that was not said. */
  readonly sealedWith: string | undefined;
  /** What was skipped, in the order it was. */
  readonly skipped: readonly Skipped[];
}

/** Where nothing is to be made of an event. */
export type Skipped = EventOf<'event-skipped'>['data'];
type EventOf<Type extends LedgerEvent['type']> = Extract<LedgerEvent, { type: Type }>;

/** What a person said of an event, or of a place where nothing stands. An event is known by its id: a log that was moved has others at its places. */
export const skipOf = (
  skipped: readonly Skipped[],
  { position, event }: { readonly position: bigint; readonly event: { readonly id: string } | null },
): Skipped | undefined =>
  skipped.find((skip) =>
    event ? skip.event?.id === event.id : skip.event === null && skip.position === position,
  );

/** Undefined before the founding. */
export type LedgerState = FoundedLedger | undefined;

export function evolveLedger(state: LedgerState, event: LedgerEvent): LedgerState {
  if (event.type === 'log-accepted') return state && { ...state, generation: event.data.generation };
  if (event.type === 'ledger-sealed') return state && { ...state, sealedWith: event.data.key_id };
  if (event.type === 'event-skipped') return state && { ...state, skipped: [...state.skipped, event.data] };
  const { ledger_id: ledgerId, founded_at: foundedAt } = event.data;
  return { ledgerId, foundedAt, generation: 0, sealedWith: undefined, skipped: [] };
}
