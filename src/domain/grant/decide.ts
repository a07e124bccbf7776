import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { CREDIT_CEILING } from '../money/quota.js';
import { grantEvents } from './events.js';
import { ALL, evolveGrant, type Grant, type GrantEvent, type GrantState } from './state.js';

type Given = Grant['terms'];

export interface GiveGrant {
  readonly type: 'give';
  readonly terms: Given;
  /** The account's projected balance in quota. */
  readonly balance: bigint;
}

/** From here on nothing burns it. */
export interface CloseGrant {
  readonly type: 'close';
  readonly why: 'ended' | 'withdrawn';
  readonly holdId: string | null;
  readonly reason: string;
  readonly by: string;
}

/** Takes what is left of a grant that was closed. */
export interface EndGrant {
  readonly type: 'end';
  /** What is left of it where it was closed. */
  readonly quota: bigint;
  readonly holdId: string | null;
  readonly by: string;
}

/** Takes a part of it, once for each thing that it can be for; the grant stays. */
export interface WithdrawPart {
  readonly type: 'withdraw-part';
  readonly withdrawalId: string;
  readonly quota: bigint;
  /** Null: it follows money that is gone, and is not held first. */
  readonly holdId: string | null;
  readonly reason: string;
  readonly by: string;
}

export type GrantCommand = GiveGrant | CloseGrant | EndGrant | WithdrawPart;

function decide(command: GrantCommand, state: GrantState): Decision<GrantEvent> {
  if (command.type === 'give') return give(command, state);
  if (!state) return refuse({ code: 'grant_not_found' });
  switch (command.type) {
    case 'close':
      return close(command, state);
    case 'end':
      return end(command, state);
    case 'withdraw-part':
      return withdrawPart(command, state);
  }
}

function give({ terms, balance }: GiveGrant, state: GrantState): Decision<GrantEvent> {
  if (terms.quota <= 0n) return refuse({ code: 'amount_invalid', field: 'quota' });
  if (state) {
    const { account_id, quota, kind } = state.terms;
    if (account_id !== terms.account_id) return refuse({ code: 'grant_conflict', field: 'external_user_id' });
    if (quota !== terms.quota) return refuse({ code: 'grant_conflict', field: 'quota' });
    return kind === terms.kind ? replay() : refuse({ code: 'grant_conflict', field: 'kind' });
  }
  if (balance + terms.quota > CREDIT_CEILING) return refuse({ code: 'balance_ceiling', max: CREDIT_CEILING });
  return accept({ type: 'grant-given', data: terms });
}

function close({ why, holdId, reason, by }: CloseGrant, state: Grant): Decision<GrantEvent> {
  if (state.closed) return state.closed.why === why ? replay() : refuse({ code: 'grant_over' });
  return accept({ type: 'grant-closed', data: { ...whose(state), why, hold_id: holdId, reason, by } });
}

function end({ quota, holdId: hold_id, by }: EndGrant, state: Grant): Decision<GrantEvent> {
  if (!state.closed) throw new Error('a grant is ended that was not closed');
  if (state.isOver) return replay();
  const taken = { ...whose(state), kind: state.terms.kind, quota, hold_id };
  const { why, reason } = state.closed;
  return why === 'ended'
    ? accept({ type: 'grant-expired', data: { ...taken, by } })
    : accept({ type: 'grant-withdrawn', data: { ...taken, withdrawal_id: ALL, reason, by } });
}

function withdrawPart(command: WithdrawPart, state: Grant): Decision<GrantEvent> {
  const { withdrawalId: withdrawal_id, quota, holdId: hold_id, reason, by } = command;
  if (state.withdrawn.has(withdrawal_id)) return replay();
  if (state.closed) return refuse({ code: 'grant_over' });
  if (quota <= 0n) return refuse({ code: 'amount_invalid', field: 'quota' });
  const { kind } = state.terms;
  return accept({
    type: 'grant-withdrawn',
    data: { ...whose(state), kind, withdrawal_id, quota, hold_id, reason, by },
  });
}

const whose = ({ terms: { grant_id, account_id } }: Grant) => ({ grant_id, account_id });

export const grantDecider: Decider<GrantState, GrantCommand, GrantEvent> = {
  initialState: () => undefined,
  evolve: evolveGrant,
  decide,
  events: grantEvents,
};
