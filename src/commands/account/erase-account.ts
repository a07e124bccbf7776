import { accountDecider } from '../../domain/account/decide.js';
import { loginDecider } from '../../domain/login/decide.js';
import { loginStream } from '../../domain/streams.js';
import { loadAccount } from './load-account.js';
import { type ClaimedValue, identityClaim, releaseClaims, valuesCarried } from '../handling/claims.js';
import type { CommandMeta, Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { load } from '../handling/load.js';
import { type Plan, planOne, refused, writeOf } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { withoutPerson } from './without-person.js';
import { revocationsOf } from '../handling/revocations.js';
import type { AccountCommands } from './commands.js';

/** The log takes 256 events in one append; the account's own event and its claims are among them. */
const TOKENS_AT_ONCE = 200;

/**
 * Shreds the person's key, then records it, revokes the account's access keys and frees the values that it claimed. A process that dies in
 * between has erased the person; the same command again does the rest, and what the account claimed, which can no longer be read, is
 * free after the grace time.
 */
export function eraseAccount(dependencies: CommandDependencies): Handler<AccountCommands['eraseAccount']> {
  return async ({ externalUserId, reason }, meta) => {
    // Known only before the key is gone, so it is kept over a conflict.
    let values: readonly ClaimedValue[] | undefined;
    let written: string | undefined;
    let tokens: readonly number[] = [];
    const erased = await handle(dependencies, 'erase-account', meta, async () => {
      const account = await loadAccount(dependencies, externalUserId);
      if (!account.state) return refused({ code: 'account_not_found' });
      const { accountId } = account.state;
      values ??= await valuesCarried(dependencies, account.state);
      written ??= await withoutPerson(dependencies.vault, account.state, reason);
      await dependencies.vault.erase(accountId);
      const decision = accountDecider.decide(
        { type: 'erase', reason: written, by: meta.actor },
        account.state,
      );
      const plan = planOne(account, decision, { accountId }, { guard: `account:${accountId}` });
      if (plan.kind === 'refused') return plan;
      tokens = await dependencies.tokensOf(accountId);
      return join(plan, await revocationsOf(dependencies, tokens.slice(0, TOKENS_AT_ONCE), meta.actor), [
        ...(await closeLogin(dependencies, accountId, meta.actor)),
        ...(await releaseClaims(dependencies, accountId, values)),
      ]);
    });
    if (!erased.ok || tokens.length <= TOKENS_AT_ONCE) return erased;
    return { ...erased, position: await revokeRest(dependencies, tokens.slice(TOKENS_AT_ONCE), meta) };
  };
}

/** What says that nobody signs in to the account any more; nothing where nobody did. */
async function closeLogin(
  dependencies: CommandDependencies,
  accountId: string,
  by: string,
): Promise<Accepted['writes']> {
  const login = await load(dependencies.store, loginStream(accountId), loginDecider);
  const decision = loginDecider.decide({ type: 'close', accountId, by }, login.state);
  if (decision.kind !== 'accepted') return [];
  const identities = login.state?.identities.map(({ hash }) => identityClaim(hash)) ?? [];
  return [writeOf(login, decision.events), ...(await releaseClaims(dependencies, accountId, identities))];
}

type Accepted = Extract<Plan<{ accountId: string }>, { kind: 'accepted' }>;

/** The account's event comes first: from then on none of its keys is let in, whatever is lost after it. */
function join(
  plan: Accepted,
  revoked: Awaited<ReturnType<typeof revocationsOf>>,
  rest: Accepted['writes'],
): Accepted {
  return {
    ...plan,
    writes: [...plan.writes, ...revoked.writes, ...rest],
    guards: [...(plan.guards ?? []), ...revoked.guards],
  };
}

async function revokeRest(
  dependencies: CommandDependencies,
  tokens: readonly number[],
  meta: CommandMeta,
): Promise<bigint> {
  let last = -1n;
  for (let from = 0; from < tokens.length; from += TOKENS_AT_ONCE) {
    const some = tokens.slice(from, from + TOKENS_AT_ONCE);
    const revoked = await handle(dependencies, 'erase-account', meta, async () => ({
      kind: 'accepted' as const,
      ...(await revocationsOf(dependencies, some, meta.actor)),
      value: undefined,
      position: last,
      replayed: false,
    }));
    if (revoked.ok) last = revoked.position;
  }
  return last;
}
