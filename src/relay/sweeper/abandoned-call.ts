import type { EventOf } from '../../domain/events/catalogue.js';
import type { CallContext } from '../../domain/hold/hold-context.js';
import { charge } from '../../domain/pricing/charge.js';
import { usageFrom } from '../../domain/pricing/usage.js';
import type { OpenHold } from '../../balance/cached-balance.js';

type AbandonedCall = EventOf<'call-abandoned'>;

/**
 * What a call costs whose process died: the output that its last heartbeat knew to be delivered, and nothing of the prompt, because
 * the answer that the prompt was for never came. Nothing delivered: 0, whatever the price.
 */
export function abandonedCall(hold: OpenHold, context: CallContext, leaseMs: number): AbandonedCall {
  const delivered = hold.deliveredTokens;
  const usage = usageFrom({ completion_tokens: delivered });
  const { quota, exact, rounding } =
    delivered === 0
      ? { quota: 0n, exact: '0', rounding: 'free' as const }
      : charge(context, context.group_ratio, usage);
  return {
    type: 'call-abandoned',
    data: {
      // Its `kind` is no field of the event and goes when that is encoded.
      ...context,
      call_id: hold.holdId,
      upstream_request_id: null,
      usage,
      exact_quota: exact,
      rounding,
      quota,
      hold_quota: hold.granted,
      overshoot_quota: quota > hold.granted ? quota - hold.granted : 0n,
      last_heartbeat_at: delivered === 0 ? null : new Date(hold.leaseExpiresAtMs - leaseMs).toISOString(),
    },
  };
}
