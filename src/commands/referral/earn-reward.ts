import { paymentDecider } from '../../domain/payment/decide.js';
import { referralDecider } from '../../domain/referral/decide.js';
import { paymentStream, referralStream } from '../../domain/streams.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { paymentUuidOf, referralIdOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadOrder } from '../order/load-order.js';
import type { ReferralCommands } from './commands.js';

/** What an order brings is fixed soon after its credit, so that what is changed later changes nothing of it. */
export function earnReward(dependencies: CommandDependencies): Handler<ReferralCommands['earnReward']> {
  return ({ orderId, ...given }, meta) =>
    handle(dependencies, 'earn-reward', meta, async () => {
      const order = await loadOrder(dependencies, orderId);
      if (!order.state) return refused({ code: 'order_not_found' });
      const referralId = referralIdOf(order.state.terms.account_id);
      const [payment, referral] = await Promise.all([
        load(dependencies.store, paymentStream(paymentUuidOf(orderId)), paymentDecider),
        load(dependencies.store, referralStream(referralId), referralDecider),
      ]);
      if (!payment.state) return refused({ code: 'payment_not_found' });
      // What was credited before somebody was bound brings nothing.
      if ((payment.positions[0] ?? 0n) < (referral.positions[0] ?? 0n))
        return refused({ code: 'referral_not_found' });
      const { quota: credited } = payment.state;
      const decision = referralDecider.decide(
        { type: 'earn', orderId, credited, ...given, by: meta.actor },
        referral.state,
      );
      return planOne(referral, decision, { referralId });
    });
}
