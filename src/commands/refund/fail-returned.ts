import type { CommandMeta, CommandResult } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadRefund } from '../payment/sent-refunds.js';
import { failRefund } from './fail-refund.js';

/** What its provider gave back did not arrive. Nothing comes again here of what was given back there by somebody else. */
export function failReturned(dependencies: CommandDependencies) {
  const fail = failRefund(dependencies);
  return async (
    { orderId, refundId, why }: { readonly orderId: string; readonly refundId: string; readonly why: string },
    meta: CommandMeta,
  ): Promise<CommandResult<unknown>> => {
    const { state } = await loadRefund(dependencies, refundId);
    return state?.terms.order_id === orderId
      ? fail({ refundId, why, isTakenBack: true }, meta)
      : { ok: true, value: undefined, position: 0n, replayed: true };
  };
}
