import { accountDecider } from '../../domain/account/decide.js';
import type { Account } from '../../domain/account/state.js';
import { accountStream } from '../../domain/streams.js';
import { accountIdOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import type { CommandDependencies } from '../handling/ports.js';

/** The account of an external id as the log has it now. */
export function loadAccount(
  { store }: Pick<CommandDependencies, 'store'>,
  externalUserId: string,
): Promise<Loaded<Account | undefined>> {
  return load(store, accountStream(accountIdOf(externalUserId)), accountDecider);
}
