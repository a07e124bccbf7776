import type { EventIn } from '../stored/event-in.js';
import type { TokenLimits, tokenEvents } from './events.js';

export type TokenEvent = EventIn<typeof tokenEvents>;

export interface TokenKey {
  readonly keyHash: string;
  readonly keyMask: string;
}

export interface Token {
  readonly tokenId: number;
  readonly accountId: string;
  readonly tokenName: string;
  /** Every key the token ever had; the last one is in force. */
  readonly keys: readonly TokenKey[];
  readonly limits: TokenLimits;
  readonly disabled: boolean;
  readonly revoked: boolean;
  /** Of the team of its account. */
  readonly memberId: string | undefined;
}

/** Undefined before the token is issued. */
export type TokenState = Token | undefined;

const keyOf = (data: { key_hash: string; key_mask: string }): TokenKey => ({
  keyHash: data.key_hash,
  keyMask: data.key_mask,
});

export function evolveToken(state: TokenState, event: TokenEvent): TokenState {
  if (event.type === 'token-issued') {
    return {
      tokenId: event.data.token_id,
      accountId: event.data.account_id,
      tokenName: event.data.token_name,
      keys: [keyOf(event.data)],
      limits: event.data.limits,
      disabled: false,
      revoked: false,
      memberId: undefined,
    };
  }
  if (!state) throw new Error(`${event.type} comes before the token was issued`);
  switch (event.type) {
    case 'token-renamed':
      return { ...state, tokenName: event.data.token_name };
    case 'token-limits-changed':
      return { ...state, limits: event.data.limits };
    case 'token-disabled':
      return { ...state, disabled: true };
    case 'token-enabled':
      return { ...state, disabled: false };
    case 'token-rotated':
      return { ...state, keys: [...state.keys, keyOf(event.data)] };
    case 'token-revoked':
      return { ...state, revoked: true };
    case 'token-assigned':
      return { ...state, memberId: event.data.member_id };
  }
}
