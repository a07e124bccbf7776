import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import { refundPayment } from '../payment/refund-payment.js';
import { bookRefund } from './book-refund.js';
import type { RefundCommands } from './commands.js';
import { failRefund } from './fail-refund.js';
import { handleRefund } from './handle-refund.js';
import { requestRefund } from './request-refund.js';

export function createRefundCommands(dependencies: CommandDependencies): RefundCommands {
  const fail = failRefund(dependencies);
  const booking = refundPayment(dependencies, (_, sealed) => Promise.resolve(sealed));
  return {
    requestRefund: checked(requestRefund(dependencies)),
    bookRefund: checked(bookRefund(dependencies, { refundPayment: booking, failRefund: fail })),
    sendRefund: checked(({ refundId }, meta) =>
      handleRefund(dependencies, 'send-refund', refundId, meta, { type: 'send', by: meta.actor }),
    ),
    succeedRefund: checked(({ refundId, providerRefund }, meta) =>
      handleRefund(dependencies, 'succeed-refund', refundId, meta, {
        type: 'succeed',
        providerRefund,
        by: meta.actor,
      }),
    ),
    failRefund: checked(fail),
  };
}
