import { accept, type Decider, type Decision, refuse } from '../decider.js';
import type { Refusal } from '../refusal.js';
import { claimEvents, type ClaimKind } from './events.js';
import { type ClaimEvent, type ClaimState, evolveClaim } from './state.js';

export type ClaimCommand =
  | {
      readonly type: 'reserve';
      readonly kind: ClaimKind;
      readonly owner: string;
      readonly requestHash: string | null;
      /** The owner has been found not to carry the value, long enough after it was reserved. */
      readonly stale: boolean;
    }
  | { readonly type: 'release'; readonly kind: ClaimKind; readonly owner: string };

const takenBy: Readonly<Record<ClaimKind, Refusal>> = {
  username: { code: 'username_taken' },
  email: { code: 'email_taken' },
  'aff-code': { code: 'aff_code_taken' },
  request: { code: 'idempotency_conflict' },
  identity: { code: 'identity_taken' },
};

/**
 * Reserving what one holds already writes it again: whoever thought the claim stale, and is about to take it, then meets a
 * conflict (or a fresh claim), so that no value ends up with two owners.
 */
function decide(command: ClaimCommand, state: ClaimState): Decision<ClaimEvent> {
  const { kind, owner } = command;
  if (command.type === 'release') {
    return state?.owner === owner ? accept({ type: 'claim-released', data: { kind, owner } }) : accept();
  }
  const reserved: ClaimEvent = {
    type: 'claim-reserved',
    data: { kind, owner, request_hash: command.requestHash },
  };
  if (!state) return accept(reserved);
  if (state.owner === owner)
    return state.requestHash === command.requestHash ? accept(reserved) : refuse(takenBy[kind]);
  if (!command.stale) return refuse(takenBy[kind]);
  return accept<ClaimEvent>({ type: 'claim-released', data: { kind, owner: state.owner } }, reserved);
}

export const claimDecider: Decider<ClaimState, ClaimCommand, ClaimEvent> = {
  initialState: () => undefined,
  evolve: evolveClaim,
  decide,
  events: claimEvents,
};
