import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { usageEvents } from './events.js';
import { type CallResolution, evolveUsage, type UsageEvent, type UsageState } from './state.js';

export type UsageCommand =
  | { readonly type: 'resolve'; readonly resolution: CallResolution }
  | {
      readonly type: 'correct';
      readonly callId: string;
      /** The right charge, in place of the one before. */
      readonly quota: bigint;
      readonly reason: string;
      readonly by: string;
    };

function decide(command: UsageCommand, state: UsageState): Decision<UsageEvent> {
  if (command.type === 'resolve')
    return state.has(command.resolution.data.call_id) ? replay() : accept(command.resolution);
  const call = state.get(command.callId);
  if (!call) return refuse({ code: 'call_not_found' });
  if (command.quota < 0n) return refuse({ code: 'amount_invalid', field: 'quota' });
  if (call.quota === command.quota) return replay();
  return accept({
    type: 'consumption-corrected.v1',
    data: {
      call_id: command.callId,
      account_id: call.accountId,
      user_id: call.userId,
      token_id: call.tokenId,
      model: call.model,
      quota_before: call.quota,
      quota: command.quota,
      difference: command.quota - call.quota,
      reason: command.reason,
      by: command.by,
    },
  });
}

export const usageDecider: Decider<UsageState, UsageCommand, UsageEvent> = {
  initialState: () => new Map(),
  evolve: evolveUsage,
  decide,
  events: usageEvents,
};
