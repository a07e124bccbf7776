import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import type { DataIn } from '../stored/event-in.js';
import { type TokenLimits, tokenEvents } from './events.js';
import { evolveToken, type Token, type TokenEvent, type TokenKey, type TokenState } from './state.js';

/** Absent keeps. */
export interface TokenChanges {
  /** Why it is disabled or enabled. */
  readonly reason?: string | undefined;
  readonly tokenName?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly limits?: Partial<{ readonly [Limit in keyof TokenLimits]: TokenLimits[Limit] | undefined }>;
}

export type TokenCommand =
  | { readonly type: 'issue'; readonly token: DataIn<typeof tokenEvents, 'token-issued'> }
  | {
      readonly type: 'change';
      readonly accountId: string;
      readonly changes: TokenChanges;
      readonly by: string;
    }
  | { readonly type: 'rotate'; readonly accountId: string; readonly key: TokenKey; readonly by: string }
  | {
      readonly type: 'assign';
      readonly accountId: string;
      readonly memberId: string;
      readonly by: string;
    }
  | {
      readonly type: 'revoke';
      readonly accountId: string;
      readonly reason?: string | undefined;
      readonly by: string;
    };

/** An end asked for in days is the same end when it is asked for again a little later: the repeated request changes nothing. */
const SAME_EXPIRY_SECONDS = 3600;

function decide(command: TokenCommand, state: TokenState): Decision<TokenEvent> {
  if (command.type === 'issue')
    return state ? replay() : accept({ type: 'token-issued', data: command.token });
  if (!state || state.accountId !== command.accountId || state.revoked)
    return refuse({ code: 'token_not_found' });
  const { by } = command;
  const token_id = state.tokenId;
  switch (command.type) {
    case 'change':
      return accept(...changeEvents(state, command.changes, by));
    case 'rotate':
      if (state.keys.some(({ keyHash }) => keyHash === command.key.keyHash)) return replay();
      return accept({
        type: 'token-rotated',
        data: { token_id, key_hash: command.key.keyHash, key_mask: command.key.keyMask, by },
      });
    case 'assign': {
      const { accountId: account_id, memberId: member_id } = command;
      if (state.memberId === member_id) return replay();
      return accept({ type: 'token-assigned', data: { token_id, account_id, member_id, by } });
    }
    case 'revoke':
      return accept({ type: 'token-revoked', data: { token_id, ...because(command.reason), by } });
  }
}

function changeEvents(token: Token, changes: TokenChanges, by: string): TokenEvent[] {
  const token_id = token.tokenId;
  const events: TokenEvent[] = [];
  const { tokenName, enabled } = changes;
  if (tokenName !== undefined && tokenName !== token.tokenName)
    events.push({ type: 'token-renamed', data: { token_id, token_name: tokenName, by } });
  const limits = mergeLimits(token.limits, changes.limits ?? {});
  if (!sameLimits(limits, token.limits))
    events.push({ type: 'token-limits-changed', data: { token_id, limits, by } });
  if (enabled !== undefined && enabled === token.disabled)
    events.push({
      type: enabled ? 'token-enabled' : 'token-disabled',
      data: { token_id, ...because(changes.reason), by },
    });
  return events;
}

const because = (reason: string | undefined) => (reason === undefined ? {} : { reason });

function mergeLimits(current: TokenLimits, changes: NonNullable<TokenChanges['limits']>): TokenLimits {
  const expires_at = changes.expires_at === undefined ? current.expires_at : changes.expires_at;
  return {
    expires_at: sameExpiry(expires_at, current.expires_at) ? current.expires_at : expires_at,
    quota_limit: changes.quota_limit === undefined ? current.quota_limit : changes.quota_limit,
    models: changes.models ?? current.models,
    allow_ips: changes.allow_ips ?? current.allow_ips,
    group: changes.group === undefined ? current.group : changes.group,
  };
}

const sameExpiry = (a: number | null, b: number | null): boolean =>
  a === b || (a !== null && b !== null && Math.abs(a - b) < SAME_EXPIRY_SECONDS);

const sameLimits = (a: TokenLimits, b: TokenLimits): boolean =>
  a.expires_at === b.expires_at &&
  a.quota_limit === b.quota_limit &&
  a.group === b.group &&
  sameList(a.models, b.models) &&
  sameList(a.allow_ips, b.allow_ips);

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

export const tokenDecider: Decider<TokenState, TokenCommand, TokenEvent> = {
  initialState: () => undefined,
  evolve: evolveToken,
  decide,
  events: tokenEvents,
};
