import { tokenDecider } from '../../domain/token/decide.js';
import type { TokenState } from '../../domain/token/state.js';
import { tokenStream } from '../../domain/streams.js';
import { load, type Loaded } from '../handling/load.js';
import type { CommandDependencies } from '../handling/ports.js';

/** A token as the log has it now. */
export const loadToken = (
  { store }: Pick<CommandDependencies, 'store'>,
  tokenId: number,
): Promise<Loaded<TokenState>> => load(store, tokenStream(tokenId), tokenDecider);
