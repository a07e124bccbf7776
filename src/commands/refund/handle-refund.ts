import { type RefundCommand, refundDecider } from '../../domain/refund/decide.js';
import type { RefundState } from '../../domain/refund/state.js';
import type { CommandMeta, CommandResult } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadRefund } from '../payment/sent-refunds.js';
import type { RefundStanding } from './commands.js';
import { standingOf } from './standing.js';

/** A step of one refund. */
export function handleRefund(
  dependencies: CommandDependencies,
  name: string,
  refundId: string,
  meta: CommandMeta,
  command: RefundCommand,
): Promise<CommandResult<RefundStanding>> {
  return handle(dependencies, name, meta, async () => {
    const refund = await loadRefund(dependencies, refundId);
    if (!refund.state) return refused({ code: 'refund_not_found' });
    const decision = refundDecider.decide(command, refund.state);
    if (decision.kind === 'refused') return decision;
    const after =
      decision.events.reduce<RefundState>(
        (state, event) => refundDecider.evolve(state, event),
        refund.state,
      ) ?? refund.state;
    return planOne(refund, decision, standingOf(after));
  });
}
