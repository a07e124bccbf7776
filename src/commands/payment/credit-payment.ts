import { paymentDecider } from '../../domain/payment/decide.js';
import { decimal } from '../../domain/money/decimal.js';
import { quotaOfUsd } from '../../domain/money/quota.js';
import { paymentStream } from '../../domain/streams.js';
import { loadAccount } from '../account/load-account.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { paymentUuidOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { PaymentCommands } from './commands.js';

/** Credits a payment, once: the stream that its id names begins with the credit, and cannot begin twice. */
export function creditPayment(dependencies: CommandDependencies): Handler<PaymentCommands['creditPayment']> {
  const { store, balanceOf, vault } = dependencies;
  return ({ externalUserId, ...terms }, meta) =>
    handle(dependencies, 'credit-payment', meta, async () => {
      const [account, payment] = await Promise.all([
        loadAccount(dependencies, externalUserId),
        load(store, paymentStream(paymentUuidOf(terms.paymentId)), paymentDecider),
      ]);
      if (!account.state) return refused({ code: 'account_not_found' });
      const { accountId, userId, erased } = account.state;
      if (!payment.state && erased) return refused({ code: 'account_erased' });
      const balance = payment.state ? 0n : await balanceOf(accountId);
      const note = terms.note && (await vault.sealText(accountId, terms.note));
      const decision = paymentDecider.decide(
        { type: 'credit', ...terms, note, accountId, userId, balance, by: meta.actor },
        payment.state,
      );
      if (decision.kind === 'refused') return decision;
      const value = { accountId, quota: payment.state?.quota ?? quotaOfUsd(decimal(terms.amountUsd)) };
      const credited = payment.positions[0];
      return planOne(payment, decision, value, credited === undefined ? {} : { position: credited });
    });
}
