import { grantDecider } from '../../domain/grant/decide.js';
import { ORDINARY_PRIORITY } from '../../domain/grant/events.js';
import { grantStream } from '../../domain/streams.js';
import { loadAccount } from '../account/load-account.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { grantIdOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { GrantCommands } from './commands.js';

/** Gives quota, once: the stream that its source names begins with it, and cannot begin twice. */
export function giveGrant(dependencies: CommandDependencies): Handler<GrantCommands['giveGrant']> {
  const { store, vault, balanceOf } = dependencies;
  return ({ externalUserId, source, quota, kind, priority = ORDINARY_PRIORITY, endsAt, ...said }, meta) =>
    handle(dependencies, 'give-grant', meta, async () => {
      const grantId = grantIdOf(source);
      const [account, grant] = await Promise.all([
        loadAccount(dependencies, externalUserId),
        load(store, grantStream(grantId), grantDecider),
      ]);
      // What was given stays given, and is answered as before.
      if (!dependencies.givesGrants && !grant.state) return refused({ code: 'grants_off' });
      if (!account.state) return refused({ code: 'account_not_found' });
      const { accountId, userId, erased } = account.state;
      if (!grant.state && erased) return refused({ code: 'account_erased' });
      const terms = {
        ...{ grant_id: grantId, account_id: accountId, user_id: userId, quota, kind, source, priority },
        ...(endsAt && { ends_at: endsAt.toISOString() }),
        reason: await vault.sealText(accountId, said.reason),
        by: meta.actor,
      };
      const balance = grant.state ? 0n : await balanceOf(accountId);
      const decision = grantDecider.decide({ type: 'give', terms, balance }, grant.state);
      const given = grant.positions[0];
      const value = { accountId, grantId, quota };
      return planOne(grant, decision, value, given === undefined ? {} : { position: given });
    });
}
