import type { Account } from '../../domain/account/state.js';
import { paymentDecider, type PaymentTerms } from '../../domain/payment/decide.js';
import type { PaymentState } from '../../domain/payment/state.js';
import { decimal } from '../../domain/money/decimal.js';
import { quotaOfUsd } from '../../domain/money/quota.js';
import { paymentStream } from '../../domain/streams.js';
import { loadAccount } from '../account/load-account.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { paymentUuidOf } from '../handling/identifiers.js';
import { load, type Loaded, supposedNew } from '../handling/load.js';
import { type Plan, planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { Credited, PaymentCommands } from './commands.js';

/**
 * Credits a payment, once: the stream that its id names begins with the credit, and cannot begin twice.
 *
 * Most payments are new, so their stream is read only where it is there after all, which the append says, or where one that is new would be refused.
 */
export function creditPayment(dependencies: CommandDependencies): Handler<PaymentCommands['creditPayment']> {
  const { store } = dependencies;
  return ({ externalUserId, ...said }, meta) => {
    const terms = { ...said, by: meta.actor };
    const stream = paymentStream(paymentUuidOf(terms.paymentId));
    let isSupposedNew = true;
    return handle(dependencies, 'credit-payment', meta, async () => {
      const { state: account } = await loadAccount(dependencies, externalUserId);
      if (!account) return refused({ code: 'account_not_found' });
      if (isSupposedNew) {
        isSupposedNew = false;
        const plan = await planCredit(dependencies, terms, account, supposedNew(stream, paymentDecider));
        if (plan.kind === 'accepted') return { ...plan, isSupposed: true };
      }
      return planCredit(dependencies, terms, account, await load(store, stream, paymentDecider));
    });
  };
}

async function planCredit(
  { balanceOf, vault }: CommandDependencies,
  terms: PaymentTerms & { readonly by: string },
  { accountId, userId, erased }: Account,
  payment: Loaded<PaymentState>,
): Promise<Plan<Credited>> {
  if (!payment.state && erased) return refused({ code: 'account_erased' });
  const balance = payment.state ? 0n : await balanceOf(accountId);
  const note = terms.note && (await vault.sealText(accountId, terms.note));
  const decision = paymentDecider.decide(
    { type: 'credit', ...terms, note, accountId, userId, balance },
    payment.state,
  );
  if (decision.kind === 'refused') return decision;
  const value = { accountId, quota: payment.state?.quota ?? quotaOfUsd(decimal(terms.amountUsd)) };
  const credited = payment.positions[0];
  return planOne(payment, decision, value, credited === undefined ? {} : { position: credited });
}
