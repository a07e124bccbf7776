import { tokenDecider } from '../../domain/token/decide.js';
import type { Token, TokenKey } from '../../domain/token/state.js';
import { loadAccount } from '../account/load-account.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { accountIdOf } from '../handling/identifiers.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies, IssuedSecret } from '../handling/ports.js';
import { loadRequestClaim, type RequestClaim } from '../handling/request-claims.js';
import { issuedToken, nameOpened, newAccessKey, tokenKeyOf } from './issued-token.js';
import { loadToken } from './load-token.js';
import type { TokenCommands } from './commands.js';

const NAME = 'reset-token';

/** Same token, new key; the old one is dead before this answers. Under an idempotency key a retry is answered with the same key. */
export function resetToken(dependencies: CommandDependencies): Handler<TokenCommands['resetToken']> {
  return (input, meta) => {
    const { externalUserId, tokenId } = input;
    const accountId = accountIdOf(externalUserId);
    const made: IssuedSecret = { tokenId, accessKey: newAccessKey(dependencies) };
    return handle(dependencies, NAME, meta, async () => {
      const [account, token, claim] = await Promise.all([
        loadAccount(dependencies, externalUserId),
        loadToken(dependencies, tokenId),
        loadRequestClaim(dependencies, { name: NAME, accountId, request: input }, meta),
      ]);
      if (claim && 'refusal' in claim) return refused(claim.refusal);
      if (!account.state) return refused({ code: 'account_not_found' });
      const owned = token.state?.accountId === accountId && !token.state.revoked;
      if (!token.state || !owned) return refused({ code: 'token_not_found' });
      if (account.state.erased) return refused({ code: 'account_erased' });
      const secret = await secretOf(dependencies, claim, made);
      // Claimed, and the secret has expired: it was done more than a day ago.
      const key = secret ? tokenKeyOf(dependencies, secret.accessKey) : lastKey(token.state);
      const decision = tokenDecider.decide({ type: 'rotate', accountId, key, by: meta.actor }, token.state);
      const value = issuedToken(await nameOpened(dependencies, token.state), key, secret?.accessKey);
      const plan = planOne(token, decision, value, { guard: `token:${tokenId}` });
      const claimWrite = claim?.claim(`token:${tokenId}`);
      if (plan.kind === 'refused' || !claimWrite) return plan;
      return { ...plan, writes: [claimWrite, ...plan.writes] };
    });
  };
}

async function secretOf(
  { secrets }: CommandDependencies,
  claim: RequestClaim | undefined,
  made: IssuedSecret,
): Promise<IssuedSecret | undefined> {
  if (!claim) return made;
  return claim.claimed ? secrets.find(claim.requestKey) : secrets.keep(claim.requestKey, made);
}

const lastKey = ({ keys }: Token): TokenKey => keys.at(-1) as TokenKey;
