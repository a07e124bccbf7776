import { accountDecider } from '../../domain/account/decide.js';
import { type ApplySighting, applySighting } from '../../domain/order/apply-sighting.js';
import { accountStream } from '../../domain/streams.js';
import { reinstateAccount, suspendAccount } from '../account/change-account.js';
import type { CommandMeta, CommandResult } from '../handling/command.js';
import { load } from '../handling/load.js';
import { lastPosition } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadOrder } from './load-order.js';

/** By whom an account is suspended while its payments are disputed: what an operator suspended, a dispute that is won does not reinstate. */
const DISPUTES = 'system:disputes';

/** Whose bank takes a payment back calls no more until somebody has looked. A dispute that is known suspends nobody again. */
export async function suspendDisputed(
  dependencies: CommandDependencies,
  command: ApplySighting,
  meta: CommandMeta,
): Promise<void> {
  if (command.sighting.what !== 'disputed') return;
  const { state: order } = await loadOrder(dependencies, command.sighting.orderId);
  if (!order) return;
  const decision = applySighting(command, order);
  if (decision.kind === 'refused' || decision.events.length === 0) return;
  const account = await load(dependencies.store, accountStream(order.terms.account_id), accountDecider);
  if (!account.state || account.state.suspended || account.state.erased) return;
  const { externalUserId } = account.state;
  const by = { ...meta, actor: DISPUTES };
  await suspendAccount(dependencies)({ externalUserId, reason: 'a payment is disputed' }, by);
}

/** No dispute of the account is open any more. */
export async function reinstateUndisputed(
  dependencies: CommandDependencies,
  orderId: string,
  meta: CommandMeta,
): Promise<CommandResult<{ readonly orderId: string }>> {
  const order = await loadOrder(dependencies, orderId);
  if (!order.state) return { ok: false, refusal: { code: 'order_not_found' } };
  const account = await load(dependencies.store, accountStream(order.state.terms.account_id), accountDecider);
  if (account.state?.suspendedBy !== DISPUTES)
    return { ok: true, value: { orderId }, position: lastPosition(account), replayed: true };
  const { externalUserId } = account.state;
  const reason = 'its disputes were won';
  const result = await reinstateAccount(dependencies)(
    { externalUserId, reason },
    { ...meta, actor: DISPUTES },
  );
  return result.ok ? { ...result, value: { orderId } } : result;
}
