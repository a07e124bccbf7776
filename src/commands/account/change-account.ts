import { accountDecider, type AccountCommand } from '../../domain/account/decide.js';
import type { Account } from '../../domain/account/state.js';
import type { Refusal } from '../../domain/refusal.js';
import { loadAccount } from './load-account.js';
import type { CommandMeta, CommandResult, Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { accountIdOf } from '../handling/identifiers.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { checkGroup } from '../price/check-group.js';
import type { AccountCommands } from './commands.js';

type Change = Exclude<AccountCommand, { type: 'register' | 'update-profile' }>;
type Changed = Promise<CommandResult<{ accountId: string }>>;

/** A suspended account's keys are refused from the answer on; its money stays. */
export function suspendAccount(
  dependencies: CommandDependencies,
): Handler<AccountCommands['suspendAccount']> {
  return ({ externalUserId, reason }, meta) =>
    change(dependencies, externalUserId, { type: 'suspend', reason, by: meta.actor }, meta);
}

export function reinstateAccount(
  dependencies: CommandDependencies,
): Handler<AccountCommands['reinstateAccount']> {
  return ({ externalUserId, reason }, meta) =>
    change(dependencies, externalUserId, { type: 'reinstate', reason, by: meta.actor }, meta);
}

/** The group must be one of the price list in force. */
export function changeAccountGroup(
  dependencies: CommandDependencies,
): Handler<AccountCommands['changeAccountGroup']> {
  return ({ externalUserId, group }, meta) =>
    change(dependencies, externalUserId, { type: 'change-group', group, by: meta.actor }, meta, () =>
      checkGroup(dependencies, group),
    );
}

/** What is said of a person is sealed with the rest; where there is no account there is nobody to seal it for. */
async function sealed(
  { vault }: CommandDependencies,
  { state }: { readonly state: Account | undefined },
  command: Change,
): Promise<Change> {
  if (!state || !('reason' in command)) return command;
  return { ...command, reason: await vault.sealText(state.accountId, command.reason) };
}

function change(
  dependencies: CommandDependencies,
  externalUserId: string,
  command: Change,
  meta: CommandMeta,
  check: () => Promise<Refusal | undefined> = () => Promise.resolve(undefined),
): Changed {
  const accountId = accountIdOf(externalUserId);
  return handle(dependencies, `${command.type}-account`, meta, async () => {
    const account = await loadAccount(dependencies, externalUserId);
    const decision = accountDecider.decide(await sealed(dependencies, account, command), account.state);
    if (decision.kind === 'accepted' && decision.events.length > 0) {
      const refusal = await check();
      if (refusal) return refused(refusal);
    }
    return planOne(account, decision, { accountId }, { guard: `account:${accountId}` });
  });
}
