import type { Account } from '../../domain/account/state.js';
import type { Refusal } from '../../domain/refusal.js';
import { teamStream } from '../../domain/streams.js';
import { teamDecider } from '../../domain/team/decide.js';
import type { TeamState } from '../../domain/team/state.js';
import { loadAccount } from '../account/load-account.js';
import { accountIdOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import type { CommandDependencies } from '../handling/ports.js';

/** A team as the log has it now; an account and its team share their id. */
export const loadTeam = (
  { store }: Pick<CommandDependencies, 'store'>,
  externalUserId: string,
): Promise<Loaded<TeamState>> => load(store, teamStream(accountIdOf(externalUserId)), teamDecider);

/** Somebody who may become a member, or get a key. */
export async function loadMember(
  dependencies: Pick<CommandDependencies, 'store'>,
  externalUserId: string,
): Promise<Account | Refusal> {
  const { state } = await loadAccount(dependencies, externalUserId);
  if (!state) return { code: 'account_not_found' };
  return state.erased ? { code: 'account_erased' } : state;
}
