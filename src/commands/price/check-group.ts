import type { Refusal } from '../../domain/refusal.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadPriceList } from './load-price-list.js';

/** Why a group may not be given to a token or an account: only groups of the list in force have a ratio. */
export async function checkGroup(
  dependencies: Pick<CommandDependencies, 'store'>,
  group: string | null | undefined,
): Promise<Refusal | undefined> {
  if (group === null || group === undefined) return undefined;
  const { state } = await loadPriceList(dependencies);
  return state.groups.some(({ name }) => name === group) ? undefined : { code: 'group_not_found', group };
}
