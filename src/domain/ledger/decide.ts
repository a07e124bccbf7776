import { accept, type Decider, type Decision, replay } from '../decider.js';
import { ledgerEvents } from './events.js';
import { evolveLedger, type LedgerEvent, type LedgerState, type Skipped, skipOf } from './state.js';

export type LedgerCommand =
  | { readonly type: 'found'; readonly ledgerId: string; readonly foundedAt: string; readonly by: string }
  /** `above`: the generation that is known, where the copy is from before it. */
  | { readonly type: 'accept'; readonly above: number; readonly reason: string; readonly by: string }
  | { readonly type: 'seal'; readonly keyId: string; readonly by: string }
  | ({ readonly type: 'skip'; readonly by: string } & Pick<Skipped, 'position' | 'event' | 'reason'>);

/** Who asks has looked whether it is this ledger's log at all: a log without a founding has nothing to accept, and nothing to skip. */
function decide(command: LedgerCommand, state: LedgerState): Decision<LedgerEvent> {
  const { by } = command;
  if (command.type === 'accept') {
    if (!state) return replay();
    const { ledgerId, generation } = state;
    return accept({
      type: 'log-accepted',
      data: {
        ledger_id: ledgerId,
        generation: Math.max(generation, command.above) + 1,
        reason: command.reason,
        by,
      },
    });
  }
  if (command.type === 'seal') {
    const { keyId } = command;
    if (!state || state.sealedWith === keyId) return replay();
    return accept({ type: 'ledger-sealed', data: { ledger_id: state.ledgerId, key_id: keyId, by } });
  }
  if (command.type === 'skip') {
    const { position, event, reason } = command;
    if (!state || skipOf(state.skipped, { position, event })) return replay();
    return accept({
      type: 'event-skipped',
      data: { ledger_id: state.ledgerId, position, event, reason, by },
    });
  }
  if (state) return replay();
  const { ledgerId, foundedAt } = command;
  return accept({
    type: 'ledger-founded',
    data: { ledger_id: ledgerId, founded_at: foundedAt, format: 1, by },
  });
}

export const ledgerDecider: Decider<LedgerState, LedgerCommand, LedgerEvent> = {
  initialState: () => undefined,
  evolve: evolveLedger,
  decide,
  events: ledgerEvents,
};
