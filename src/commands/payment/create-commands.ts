import { checked, type CommandMeta, type CommandResult, type Handler } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { PaymentCommands } from './commands.js';
import { creditPayment } from './credit-payment.js';
import { refundPayment } from './refund-payment.js';
import { reverseRefund } from './reverse-refund.js';

/** What follows a payment that was refunded, where it is an order's. */
type Follow = (paymentId: string, meta: CommandMeta) => Promise<CommandResult<unknown>>;

export function createPaymentCommands(dependencies: CommandDependencies, follow: Follow): PaymentCommands {
  return {
    creditPayment: checked(creditPayment(dependencies)),
    refundPayment: checked(followed(refundPayment(dependencies), follow)),
    reverseRefund: checked(reverseRefund(dependencies)),
  };
}

/** Whoever dies in between is asked again, and does it then. */
const followed =
  (
    refund: Handler<PaymentCommands['refundPayment']>,
    follow: Follow,
  ): Handler<PaymentCommands['refundPayment']> =>
  async (input, meta) => {
    const result = await refund(input, meta);
    if (!result.ok) return result;
    const after = await follow(input.paymentId, meta);
    return after.ok ? result : after;
  };
