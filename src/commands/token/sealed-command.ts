import type { TokenChanges, TokenCommand } from '../../domain/token/decide.js';
import type { Token, TokenState } from '../../domain/token/state.js';
import { opened } from '../../support/opened.js';
import type { CommandDependencies } from '../handling/ports.js';

type Change = Extract<TokenCommand, { type: 'change' | 'revoke' }>;
type Dependencies = Pick<CommandDependencies, 'vault'>;

/**
 * The command with what people wrote sealed, as it is stored and compared. Where a text is the one that stands, it is the one that stands as
 * it is: older ones were not sealed. Nothing is sealed for a token that is not there, or another's.
 */
export async function sealedFor<Command extends TokenCommand>(
  { vault }: Dependencies,
  token: TokenState,
  command: Command,
): Promise<TokenCommand> {
  if (command.type !== 'change' && command.type !== 'revoke') return command;
  if (token?.accountId !== command.accountId || token.revoked) return command;
  const seal = (text: string) => vault.sealText(token.accountId, text);
  const sealed: Change = { ...command };
  return sealed.type === 'revoke'
    ? { ...sealed, reason: await sealedReason(seal, sealed.reason) }
    : { ...sealed, changes: await sealedChanges(seal, sealed.changes, token, vault) };
}

type Seal = (text: string) => Promise<string>;

const sealedReason = async (seal: Seal, reason: string | undefined): Promise<string | undefined> =>
  reason === undefined ? undefined : seal(reason);

async function sealedChanges(
  seal: Seal,
  { reason, tokenName, limits = {}, ...rest }: TokenChanges,
  token: Token,
  vault: Dependencies['vault'],
): Promise<TokenChanges> {
  const { models, allow_ips } = limits;
  const stored = { name: token.tokenName, models: token.limits.models, allow_ips: token.limits.allow_ips };
  const standing = await opened(vault.openTexts, stored);
  const sealedList = async (list: readonly string[] | undefined, name: 'models' | 'allow_ips') => {
    if (list === undefined) return undefined;
    return isSameList(list, standing[name]) ? stored[name] : Promise.all(list.map(seal));
  };
  const name = tokenName === undefined ? undefined : await seal(tokenName);
  return {
    ...rest,
    reason: await sealedReason(seal, reason),
    tokenName: tokenName === standing.name ? token.tokenName : name,
    limits: {
      ...limits,
      models: await sealedList(models, 'models'),
      allow_ips: await sealedList(allow_ips, 'allow_ips'),
    },
  };
}

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);
