import { accept, replay, type Decider, type Decision } from '../decider.js';
import { usageEvents } from './events.js';
import { evolveCallCharge, initialCallCharge, type CallCharge, type UsageEvent } from './state.js';

/** How a call ends. The event is the command: it already carries its inputs and its result. */
export type EndCall = Extract<
  UsageEvent,
  { type: 'consumption-recorded' | 'call-abandoned' | 'call-failed' }
>;

/**
 * One call, one charge. A call that was charged is left alone; one that was abandoned meanwhile is corrected to its true charge;
 * a call that is resolved in any way cannot be abandoned or failed any more.
 */
export const usageDecider: Decider<CallCharge, EndCall, UsageEvent> = {
  initialState: initialCallCharge,
  evolve: evolveCallCharge,
  events: usageEvents,
  decide: (command, state) => {
    if (command.type !== 'consumption-recorded') return state.state === 'open' ? accept(command) : replay();
    switch (state.state) {
      case 'open':
      case 'failed':
        return accept(command);
      case 'charged':
        return replay();
      case 'abandoned':
        return correctTo(command, state.quota);
    }
  },
};

function correctTo(
  { data }: Extract<UsageEvent, { type: 'consumption-recorded' }>,
  quotaBefore: bigint,
): Decision<UsageEvent> {
  return accept({
    type: 'consumption-corrected',
    data: {
      call_id: data.call_id,
      account_id: data.account_id,
      user_id: data.user_id,
      token_id: data.token_id,
      model: data.model,
      quota_before: quotaBefore,
      quota: data.quota,
      difference: data.quota - quotaBefore,
      reason: 'the call had been taken for abandoned before its charge arrived',
      doubt: data.doubt && {
        ...data.doubt,
        request_id: data.request_id,
        prompt_tokens: data.usage.prompt_tokens,
        completion_tokens: data.usage.completion_tokens,
      },
      by: 'system',
    },
  });
}
