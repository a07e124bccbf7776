import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { refundEvents } from './events.js';
import {
  evolveRefund,
  isOver,
  type RefundEvent,
  type RefundState,
  type RefundTerms,
  type SentRefund,
} from './state.js';

export interface RequestRefund {
  readonly type: 'request';
  readonly terms: RefundTerms;
}

/** Its provider is about to be asked. */
export interface SendRefund {
  readonly type: 'send';
  readonly by: string;
}

export interface SucceedRefund {
  readonly type: 'succeed';
  readonly providerRefund: string | null;
  readonly by: string;
}

export interface FailRefund {
  readonly type: 'fail';
  /** It was said to have gone back, and did not arrive. */
  readonly isTakenBack?: boolean | undefined;
  readonly why: string;
  readonly by: string;
}

export type RefundCommand = RequestRefund | SendRefund | SucceedRefund | FailRefund;

function decide(command: RefundCommand, state: RefundState): Decision<RefundEvent> {
  if (command.type === 'request')
    return state ? replay() : accept({ type: 'refund-requested', data: command.terms });
  if (!state) return refuse({ code: 'refund_not_found' });
  switch (command.type) {
    case 'send':
      return state.status === 'requested'
        ? accept({ type: 'refund-sent', data: { ...ofRefund(state), by: command.by } })
        : replay();
    case 'succeed':
      return ended(state, 'succeeded', {
        type: 'refund-succeeded',
        data: { ...ofRefund(state), provider_refund: command.providerRefund, by: command.by },
      });
    case 'fail': {
      // What a provider takes back, days later, was not the end.
      const isTakenBack = command.isTakenBack && state.status === 'succeeded';
      return ended(isTakenBack ? { ...state, status: 'sent' } : state, 'failed', {
        type: 'refund-failed',
        data: { ...ofRefund(state), why: command.why, by: command.by },
      });
    }
  }
}

const ofRefund = ({ terms: { refund_id, order_id, account_id } }: SentRefund) => ({
  refund_id,
  order_id,
  account_id,
});

/** It ends once. */
function ended(state: SentRefund, status: SentRefund['status'], event: RefundEvent): Decision<RefundEvent> {
  if (!isOver(state)) return accept(event);
  return state.status === status ? replay() : refuse({ code: 'refund_over' });
}

export const refundDecider: Decider<RefundState, RefundCommand, RefundEvent> = {
  initialState: () => undefined,
  evolve: evolveRefund,
  decide,
  events: refundEvents,
};
