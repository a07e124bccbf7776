import { claimDecider } from '../../domain/claim/decide.js';
import type { Order, OrderEvent } from '../../domain/order/state.js';
import { claimStream } from '../../domain/streams.js';
import { load } from '../handling/load.js';
import { type PlannedWrite, writeOf } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';

/** The payment is another order's. */
export const TAKEN = 'taken';

/**
 * What claims the payments that are credited by an operator's word, in the same write as that word: a reference of a bank is for one order,
 * whoever records it for which order at once. What a provider says of its payments names the order itself.
 */
export async function claimPayments(
  { store, keyring }: Pick<CommandDependencies, 'store' | 'keyring'>,
  { order_id: orderId, provider_id: providerId }: Pick<Order['terms'], 'order_id' | 'provider_id'>,
  events: readonly OrderEvent[],
): Promise<readonly PlannedWrite[] | typeof TAKEN> {
  const writes: PlannedWrite[] = [];
  for (const { type, data } of events) {
    if (type !== 'order-paid' || data.seen_by !== 'operator') continue;
    const key = keyring.hashClaim(
      'request',
      JSON.stringify(['order-payment', providerId, data.provider_payment]),
    );
    const claim = await load(store, claimStream('request', key), claimDecider);
    const owner = `order:${orderId}`;
    const reserve = { type: 'reserve', kind: 'request', owner, requestHash: null, stale: false } as const;
    const decision = claimDecider.decide(reserve, claim.state);
    if (decision.kind === 'refused') return TAKEN;
    writes.push(writeOf(claim, decision.events));
  }
  return writes;
}
