import { loadAccount } from '../account/load-account.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { accountIdOf } from '../handling/identifiers.js';
import { lastPosition, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadRequestClaim } from '../handling/request-claims.js';
import { checkGroup } from '../price/check-group.js';
import type { TokenCommands } from './commands.js';
import { tokenKeyOf } from './issued-token.js';
import { loadToken } from './load-token.js';
import { planIssue } from './plan-issue.js';

const NAME = 'carry-over-token';

/**
 * Gives an account a key that it had in another system. The key itself is claimed, for all accounts: it is one token for ever, however often
 * it is brought, and what was done to the token since (a reset, an end) stands. A key that another account has brought is an
 * `idempotency_conflict`. The key of a suspended account comes with it, and is refused with it until the account is reinstated.
 */
export function carryOverToken(dependencies: CommandDependencies): Handler<TokenCommands['carryOverToken']> {
  return (input, meta) => {
    const { externalUserId, accessKey, tokenName, group } = input;
    const accountId = accountIdOf(externalUserId);
    let made: Promise<number> | undefined;
    return handle<{ tokenId: number }>(dependencies, NAME, meta, async () => {
      const account = await loadAccount(dependencies, externalUserId);
      if (!account.state) return refused({ code: 'account_not_found' });
      const claim = await loadRequestClaim(
        dependencies,
        { name: NAME, accountId: '', request: { accountId } },
        { ...meta, idempotencyKey: tokenKeyOf(dependencies, accessKey).keyHash },
      );
      if (claim && 'refusal' in claim) return refused(claim.refusal);
      const tokenId = claim?.owner
        ? Number(claim.owner.replace('token:', ''))
        : await (made ??= dependencies.ids.nextTokenId());
      const token = await loadToken(dependencies, tokenId);
      if (token.state)
        return {
          kind: 'accepted',
          writes: [],
          value: { tokenId },
          position: lastPosition(token),
          replayed: true,
        };
      const refusal = account.state.erased
        ? ({ code: 'account_erased' } as const)
        : await checkGroup(dependencies, group);
      if (refusal) return refused(refusal);
      return planIssue(dependencies, {
        account: account.state,
        token,
        secret: { tokenId, accessKey },
        tokenName,
        limits: {
          expires_at: input.expiresAt,
          quota_limit: input.quotaLimit,
          models: [...input.models],
          allow_ips: [...input.allowIps],
          group,
        },
        claim,
        by: meta.actor,
      });
    });
  };
}
