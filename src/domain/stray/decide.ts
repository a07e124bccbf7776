import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { strayEvents } from './events.js';
import { evolveStray, type Stray, type StrayEvent, type StrayState } from './state.js';

export interface FlagStray {
  readonly type: 'flag';
  readonly said: Stray['said'];
}

export interface SettleStray {
  readonly type: 'settle';
  readonly flagId: string;
  readonly decision: NonNullable<Stray['settled']>['decision'];
  /** What it is credited for. */
  readonly orderId: string | undefined;
  readonly reason: string;
  readonly by: string;
}

export type StrayCommand = FlagStray | SettleStray;

function decide(command: StrayCommand, state: StrayState): Decision<StrayEvent> {
  if (command.type === 'flag')
    return state ? replay() : accept({ type: 'stray-payment-flagged', data: command.said });
  if (!state) return refuse({ code: 'order_flag_not_found' });
  const { flagId, decision, orderId, reason, by } = command;
  // Money is credited to an order; who sends it back or writes it off names none.
  if ((decision === 'credit') !== (orderId !== undefined)) return refuse({ code: 'order_flag_uncreditable' });
  const credited_order = orderId ?? null;
  if (state.settled)
    return state.settled.decision === decision && state.settled.credited_order === credited_order
      ? replay()
      : refuse({ code: 'order_flag_settled' });
  return accept({
    type: 'stray-payment-settled',
    data: { flag_id: flagId, decision, credited_order, reason, by },
  });
}

export const strayDecider: Decider<StrayState, StrayCommand, StrayEvent> = {
  initialState: () => undefined,
  evolve: evolveStray,
  decide,
  events: strayEvents,
};
