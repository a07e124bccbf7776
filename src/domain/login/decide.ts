import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { loginEvents } from './events.js';
import {
  evolveLogin,
  type Factor,
  type Identity,
  isFactor,
  isFull,
  isIdentity,
  type Login,
  type LoginEvent,
  type LoginState,
} from './state.js';

export type LoginCommand = { readonly accountId: string; readonly by: string } & (
  | { readonly type: 'open' | 'change-password' | 'close' }
  /** Keyed hash of the address. */
  | { readonly type: 'verify-email'; readonly email: string }
  | { readonly type: 'add-factor' | 'remove-factor'; readonly factor: Factor }
  | { readonly type: 'clear-factors'; readonly reason: string }
  | { readonly type: 'link-identity' | 'unlink-identity'; readonly identity: Identity }
);

type Decided = Decision<LoginEvent>;

function decide(command: LoginCommand, state: LoginState): Decided {
  const told = { account_id: command.accountId, by: command.by };
  if (command.type === 'open') {
    if (state?.closed) return refuse({ code: 'login_closed' });
    return state ? replay() : accept({ type: 'login-opened', data: told });
  }
  if (command.type === 'close')
    return state && !state.closed ? accept({ type: 'login-closed', data: told }) : replay();
  if (!state) return refuse({ code: 'login_not_found' });
  if (state.closed) return refuse({ code: 'login_closed' });
  switch (command.type) {
    case 'verify-email':
      if (state.verifiedEmail === command.email) return replay();
      return accept({ type: 'email-verified', data: { ...told, email_hash: command.email } });
    case 'change-password':
      return accept({ type: 'login-password-changed', data: told });
    case 'clear-factors':
      if (state.factors.length === 0) return replay();
      return accept({ type: 'second-factors-cleared', data: { ...told, reason: command.reason } });
    case 'add-factor':
    case 'remove-factor':
      return decideFactor(command.type, command.factor, state, told);
    case 'link-identity':
    case 'unlink-identity':
      return decideIdentity(command.type, command.identity, state, told);
  }
}

interface Told {
  readonly account_id: string;
  readonly by: string;
}

function decideFactor(
  type: 'add-factor' | 'remove-factor',
  factor: Factor,
  state: Login,
  told: Told,
): Decided {
  const has = state.factors.some((each) => isFactor(each, factor));
  const adds = type === 'add-factor';
  if (has === adds) return replay();
  if (adds && factor.kind === 'passkey' && isFull(state.factors))
    return refuse({ code: 'too_many_passkeys' });
  const data = { ...told, factor: factor.kind, factor_id: factor.id };
  return accept({ type: adds ? 'second-factor-added' : 'second-factor-removed', data });
}

function decideIdentity(
  type: 'link-identity' | 'unlink-identity',
  identity: Identity,
  state: Login,
  told: Told,
): Decided {
  const has = state.identities.some((each) => isIdentity(each, identity));
  const links = type === 'link-identity';
  if (has === links) return replay();
  const data = { ...told, provider: identity.provider, identity_hash: identity.hash };
  return accept({ type: links ? 'identity-linked' : 'identity-unlinked', data });
}

/** How the person of an account signs in. */
export const loginDecider: Decider<LoginState, LoginCommand, LoginEvent> = {
  initialState: () => undefined,
  evolve: evolveLogin,
  decide,
  events: loginEvents,
};
