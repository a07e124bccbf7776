import type { Account } from '../../domain/account/state.js';
import { tokenDecider } from '../../domain/token/decide.js';
import type { TokenLimits } from '../../domain/token/events.js';
import type { TokenState } from '../../domain/token/state.js';
import type { Loaded } from '../handling/load.js';
import { lastPosition, type Plan, writeOf } from '../handling/plan.js';
import type { CommandDependencies, IssuedSecret } from '../handling/ports.js';
import type { RequestClaim } from '../handling/request-claims.js';
import type { IssuedToken } from './commands.js';
import { issuedToken, tokenKeyOf } from './issued-token.js';

interface Issue {
  readonly account: Account;
  /** Of the id that the secret has, before it is issued. */
  readonly token: Loaded<TokenState>;
  readonly secret: IssuedSecret;
  readonly tokenName: string;
  /** As people wrote them; sealed here. */
  readonly limits: TokenLimits;
  /** Whose it is of the account's team. */
  readonly memberId?: string | undefined;
  readonly claim: RequestClaim | undefined;
  readonly by: string;
}

/** What has to be written so that an account has a token: the claim first, so that it is found by whoever comes again. */
export async function planIssue(
  dependencies: CommandDependencies,
  { account, token, secret, tokenName, limits, memberId, claim, by }: Issue,
): Promise<Plan<IssuedToken>> {
  const { tokenId, accessKey } = secret;
  const { accountId } = account;
  const key = tokenKeyOf(dependencies, accessKey);
  const seal = (text: string) => dependencies.vault.sealText(accountId, text);
  const issued = {
    token_id: tokenId,
    account_id: accountId,
    user_id: account.userId,
    token_name: await seal(tokenName),
    key_hash: key.keyHash,
    key_mask: key.keyMask,
    limits: {
      ...limits,
      models: await Promise.all(limits.models.map(seal)),
      allow_ips: await Promise.all(limits.allow_ips.map(seal)),
    },
    by,
  };
  const decision = tokenDecider.decide({ type: 'issue', token: issued }, token.state);
  if (decision.kind === 'refused') return decision;
  const assigned = memberId === undefined ? [] : [assignment({ tokenId, accountId, memberId, by })];
  const claimWrite = claim?.claim(`token:${tokenId}`);
  return {
    kind: 'accepted',
    writes: [...(claimWrite ? [claimWrite] : []), writeOf(token, [...decision.events, ...assigned])],
    value: issuedToken({ tokenId, accountId, tokenName, limits }, key, accessKey),
    position: lastPosition(token),
    replayed: false,
  };
}

/** In one write with the key, which is at no moment nobody's. */
const assignment = (of: {
  readonly tokenId: number;
  readonly accountId: string;
  readonly memberId: string;
  readonly by: string;
}) => ({
  type: 'token-assigned' as const,
  data: { token_id: of.tokenId, account_id: of.accountId, member_id: of.memberId, by: of.by },
});
