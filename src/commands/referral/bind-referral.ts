import { referralDecider } from '../../domain/referral/decide.js';
import { referralStream } from '../../domain/streams.js';
import { loadAccount } from '../account/load-account.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { referralIdOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { ReferralCommands } from './commands.js';

/** An operator says by whom a user was invited. */
export function bindReferral(dependencies: CommandDependencies): Handler<ReferralCommands['bindReferral']> {
  return ({ externalUserId, inviterExternalUserId }, meta) =>
    handle(dependencies, 'bind-referral', meta, async () => {
      const [invitee, inviter] = await Promise.all([
        loadAccount(dependencies, externalUserId),
        loadAccount(dependencies, inviterExternalUserId),
      ]);
      if (!dependencies.bindsReferrals) return refused({ code: 'referrals_off' });
      if (!invitee.state) return refused({ code: 'account_not_found' });
      if (!inviter.state) return refused({ code: 'inviter_not_found' });
      if (invitee.state.erased || inviter.state.erased) return refused({ code: 'account_erased' });
      const { accountId } = invitee.state;
      const referralId = referralIdOf(accountId);
      const referral = await load(dependencies.store, referralStream(referralId), referralDecider);
      const of = { referral_id: referralId, account_id: accountId, inviter_id: inviter.state.accountId };
      const decision = referralDecider.decide(
        { type: 'bind', terms: { ...of, by: meta.actor } },
        referral.state,
      );
      return planOne(referral, decision, { referralId });
    });
}
