import { tokenDecider, type TokenChanges, type TokenCommand } from '../../domain/token/decide.js';
import type { CommandMeta, CommandResult, Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { accountIdOf } from '../handling/identifiers.js';
import { lastPosition, planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadAccount } from '../account/load-account.js';
import { checkGroup } from '../price/check-group.js';
import { loadRequestClaim } from '../handling/request-claims.js';
import { sealedFor } from './sealed-command.js';
import { expiresAt } from './issued-token.js';
import { loadToken } from './load-token.js';
import type { ChangeToken, TokenCommands } from './commands.js';

/** Changes what a key may do; nothing is appended when nothing differs. In force on every node before it answers. */
export function changeToken(dependencies: CommandDependencies): Handler<TokenCommands['changeToken']> {
  return async (input, meta) => {
    const accountId = accountIdOf(input.externalUserId);
    const changes = changesOf(dependencies, input);
    const command: TokenCommand = { type: 'change', accountId, changes, by: meta.actor };
    return change(dependencies, { command, accountId, input }, meta);
  };
}

/** For good: the key is refused from the answer on, and the token can no longer be changed. */
export function revokeToken(dependencies: CommandDependencies): Handler<TokenCommands['revokeToken']> {
  return (input, meta) => {
    const accountId = accountIdOf(input.externalUserId);
    const command: TokenCommand = { type: 'revoke', accountId, reason: input.reason, by: meta.actor };
    return change(dependencies, { command, accountId, input }, meta);
  };
}

interface Request {
  readonly command: TokenCommand;
  readonly accountId: string;
  readonly input: ChangeToken;
}

/**
 * The claim of an idempotency key comes after the event here: these commands do nothing when they are decided again, so what a
 * store that keeps each write apart may lose is the claim and not the change.
 */
function change(
  dependencies: CommandDependencies,
  { command, accountId, input }: Request,
  meta: CommandMeta,
): Promise<CommandResult<{ tokenId: number }>> {
  const { tokenId } = input;
  const name = `${command.type}-token`;
  return handle(dependencies, name, meta, async () => {
    const [token, claim] = await Promise.all([
      loadToken(dependencies, tokenId),
      loadRequestClaim(dependencies, { name, accountId, request: input }, meta),
    ]);
    if (claim && 'refusal' in claim) return refused(claim.refusal);
    const guard = `token:${tokenId}` as const;
    const done = { kind: 'accepted', events: [], replayed: true } as const;
    const decision = claim?.claimed
      ? done
      : tokenDecider.decide(await sealedFor(dependencies, token.state, command), token.state);
    if (decision.kind === 'accepted' && decision.events.length > 0) {
      const refusal = await checkGroup(dependencies, input.group);
      if (refusal) return refused(refusal);
    }
    if (decision.kind === 'refused' && !(await loadAccount(dependencies, input.externalUserId)).state)
      return refused({ code: 'account_not_found' });
    // Revoked already, perhaps by an attempt of this very request: dead on every node all the same before it is refused.
    const revoked = token.state?.revoked && token.state.accountId === accountId;
    if (decision.kind === 'refused' && revoked && token.expected !== 'no-stream')
      return { ...decision, guards: [{ key: guard, revision: token.expected }] };
    const plan = planOne(token, decision, { tokenId }, { guard, position: lastPosition(token) });
    const claimWrite = claim?.claim(`token:${tokenId}`);
    if (plan.kind === 'refused' || !claimWrite) return plan;
    return { ...plan, writes: [...plan.writes, claimWrite] };
  });
}

function changesOf(dependencies: CommandDependencies, input: ChangeToken): TokenChanges {
  const { expiresInDays } = input;
  return {
    tokenName: input.tokenName,
    enabled: input.enabled,
    reason: input.reason,
    limits: {
      expires_at: expiresInDays === undefined ? undefined : expiresAt(dependencies, expiresInDays),
      quota_limit: input.quotaLimit,
      models: input.models && [...input.models],
      allow_ips: input.allowIps && [...input.allowIps],
      group: input.group,
    },
  };
}
