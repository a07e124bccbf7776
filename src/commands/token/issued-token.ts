import { maskAccessKey, formatAccessKey, ACCESS_KEY_BYTES } from '../../domain/token/access-key.js';
import type { Token, TokenKey } from '../../domain/token/state.js';
import { openedText } from '../../support/opened.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { IssuedToken } from './commands.js';

const SECONDS_A_DAY = 86_400;

export const newAccessKey = ({ randomBytes }: Pick<CommandDependencies, 'randomBytes'>): string =>
  formatAccessKey(randomBytes(ACCESS_KEY_BYTES));

/** What is stored of an access key. */
export const tokenKeyOf = (
  { keyring }: Pick<CommandDependencies, 'keyring'>,
  accessKey: string,
): TokenKey => ({ keyHash: keyring.hashAccessKey(accessKey), keyMask: maskAccessKey(accessKey) });

/** @returns unix seconds */
export const expiresAfter = ({ now }: Pick<CommandDependencies, 'now'>, seconds: number): number =>
  Math.floor(now().getTime() / 1000) + seconds;

/** @returns unix seconds; null: never */
export const expiresAt = (
  dependencies: Pick<CommandDependencies, 'now'>,
  days: number | null,
): number | null => (days === null ? null : expiresAfter(dependencies, days * SECONDS_A_DAY));

/** The token with its name as it was given. */
export async function nameOpened(
  { vault }: Pick<CommandDependencies, 'vault'>,
  token: Token,
): Promise<Token> {
  return { ...token, tokenName: await openedText(vault.openTexts, token.tokenName) };
}

/** A token as its owner is told of it. `accessKey`: undefined once it can no longer be shown. */
export function issuedToken(
  token: Pick<Token, 'tokenId' | 'accountId' | 'tokenName' | 'limits'>,
  { keyMask }: Pick<TokenKey, 'keyMask'>,
  accessKey: string | undefined,
): IssuedToken {
  return {
    tokenId: token.tokenId,
    accountId: token.accountId,
    accessKey,
    keyMask,
    tokenName: token.tokenName,
    expiresAt: token.limits.expires_at,
    quotaLimit: token.limits.quota_limit,
  };
}
