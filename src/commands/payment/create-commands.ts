import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { PaymentCommands } from './commands.js';
import { creditPayment } from './credit-payment.js';
import { refundPayment } from './refund-payment.js';

export function createPaymentCommands(dependencies: CommandDependencies): PaymentCommands {
  return {
    creditPayment: checked(creditPayment(dependencies)),
    refundPayment: checked(refundPayment(dependencies)),
  };
}
