import type { Account } from '../../domain/account/state.js';
import { teamStream } from '../../domain/streams.js';
import { teamDecider } from '../../domain/team/decide.js';
import type { Token, TokenKey, TokenState } from '../../domain/token/state.js';
import { loadAccount } from '../account/load-account.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { accountIdOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import { lastPosition, type Plan, refused } from '../handling/plan.js';
import type { CommandDependencies, IssuedSecret } from '../handling/ports.js';
import { checkGroup } from '../price/check-group.js';
import { loadRequestClaim, type RequestClaim } from '../handling/request-claims.js';
import {
  expiresAt,
  expiresAfter,
  issuedToken,
  nameOpened,
  newAccessKey,
  tokenKeyOf,
} from './issued-token.js';
import { loadToken } from './load-token.js';
import { planIssue } from './plan-issue.js';
import type { IssuedToken, TokenCommands } from './commands.js';

const NAME = 'issue-token';

/**
 * Gives an account a new access key. Under an idempotency key the secret is kept, sealed, before anything is appended, so that
 * a retry is answered with the same key; without one each call makes a token.
 */
export function issueToken(dependencies: CommandDependencies): Handler<TokenCommands['issueToken']> {
  return (input, meta) => {
    const accountId = accountIdOf(input.externalUserId);
    let made: IssuedSecret | undefined;
    const make = async (): Promise<IssuedSecret> =>
      (made ??= { tokenId: await dependencies.ids.nextTokenId(), accessKey: newAccessKey(dependencies) });
    return handle(dependencies, NAME, meta, async () => {
      const account = await loadAccount(dependencies, input.externalUserId);
      if (!account.state) return refused({ code: 'account_not_found' });
      const claim = await loadRequestClaim(dependencies, { name: NAME, accountId, request: input }, meta);
      if (claim && 'refusal' in claim) return refused(claim.refusal);
      const secret = await secretOf(dependencies, claim, make);
      const tokenId = secret?.tokenId ?? Number(claim?.owner?.replace('token:', ''));
      const token = await loadToken(dependencies, tokenId);
      if (token.state) return await replayed(dependencies, token, token.state, secret);
      const memberId = input.member === undefined ? undefined : accountIdOf(input.member);
      const refusal =
        checkOwner(account.state) ??
        (await checkGroup(dependencies, input.group)) ??
        (await checkMember(dependencies, accountId, memberId));
      if (refusal) return refused(refusal);
      return await planIssue(dependencies, {
        account: account.state,
        token,
        secret: secret ?? { tokenId, accessKey: newAccessKey(dependencies) },
        tokenName: input.tokenName,
        limits: {
          expires_at:
            input.expiresInSeconds === undefined
              ? expiresAt(dependencies, input.expiresInDays)
              : expiresAfter(dependencies, input.expiresInSeconds),
          quota_limit: input.quotaLimit,
          models: [...input.models],
          allow_ips: [...input.allowIps],
          group: input.group,
        },
        memberId,
        claim,
        by: meta.actor,
      });
    });
  };
}

function checkOwner({ erased, suspended }: Account) {
  if (erased) return { code: 'account_erased' } as const;
  return suspended ? ({ code: 'account_suspended' } as const) : undefined;
}

async function checkMember(dependencies: CommandDependencies, teamId: string, memberId: string | undefined) {
  if (memberId === undefined) return undefined;
  if (!dependencies.hasTeams) return { code: 'teams_off' } as const;
  const { state } = await load(dependencies.store, teamStream(teamId), teamDecider);
  if (!state) return { code: 'team_not_found' } as const;
  return state.members.has(memberId) ? undefined : ({ code: 'team_member_not_found' } as const);
}

/** Undefined only when the key was claimed and its secret has expired since. */
async function secretOf(
  { secrets }: CommandDependencies,
  claim: RequestClaim | undefined,
  make: () => Promise<IssuedSecret>,
): Promise<IssuedSecret | undefined> {
  if (!claim) return make();
  const kept = await secrets.find(claim.requestKey);
  if (kept || claim.claimed) return kept;
  return secrets.keep(claim.requestKey, await make());
}

async function replayed(
  dependencies: CommandDependencies,
  loaded: Loaded<TokenState>,
  token: Token,
  secret: IssuedSecret | undefined,
): Promise<Plan<IssuedToken>> {
  const [first] = token.keys as readonly [TokenKey];
  if (secret && tokenKeyOf(dependencies, secret.accessKey).keyHash !== first.keyHash)
    throw new Error(`token ${token.tokenId} is another's: the sequence of token ids is behind the log`);
  return {
    kind: 'accepted',
    writes: [],
    value: issuedToken(await nameOpened(dependencies, token), first, secret?.accessKey),
    position: lastPosition(loaded),
    replayed: true,
  };
}
