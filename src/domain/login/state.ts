import type { EventIn } from '../stored/event-in.js';
import type { factorKinds, loginEvents } from './events.js';

export type LoginEvent = EventIn<typeof loginEvents>;
export type FactorKind = (typeof factorKinds)[number];

export interface Factor {
  readonly kind: FactorKind;
  readonly id: string;
}

export interface Identity {
  readonly provider: string;
  readonly hash: string;
}

export interface Login {
  readonly accountId: string;
  /** Keyed hash of the address that was last verified; null: none. It counts only while it is that of the account. */
  readonly verifiedEmail: string | null;
  readonly factors: readonly Factor[];
  readonly identities: readonly Identity[];
  readonly closed: boolean;
}

/** Undefined before the person could sign in. */
export type LoginState = Login | undefined;

export const isFactor = (one: Factor, other: Factor): boolean =>
  one.kind === other.kind && one.id === other.id;
export const isIdentity = (one: Identity, other: Identity): boolean =>
  one.provider === other.provider && one.hash === other.hash;

export function evolveLogin(state: LoginState, event: LoginEvent): LoginState {
  if (event.type === 'login-opened') {
    const { account_id: accountId } = event.data;
    return { accountId, verifiedEmail: null, factors: [], identities: [], closed: false };
  }
  if (!state) throw new Error(`${event.type} comes before the login was opened`);
  switch (event.type) {
    case 'email-verified':
      return { ...state, verifiedEmail: event.data.email_hash };
    case 'login-password-changed':
      return state;
    case 'second-factor-added':
      return { ...state, factors: [...state.factors, factorOf(event.data)] };
    case 'second-factor-removed': {
      const removed = factorOf(event.data);
      return { ...state, factors: state.factors.filter((factor) => !isFactor(factor, removed)) };
    }
    case 'second-factors-cleared':
      return { ...state, factors: [] };
    case 'identity-linked':
      return { ...state, identities: [...state.identities, identityOf(event.data)] };
    case 'identity-unlinked': {
      const unlinked = identityOf(event.data);
      return { ...state, identities: state.identities.filter((each) => !isIdentity(each, unlinked)) };
    }
    case 'login-closed':
      return { ...state, factors: [], identities: [], closed: true };
  }
}

const MOST_PASSKEYS = 20;

/** Whether they have as many passkeys as they may. */
export const isFull = (factors: readonly Factor[]): boolean =>
  factors.filter(({ kind }) => kind === 'passkey').length >= MOST_PASSKEYS;

export const factorOf = ({ factor, factor_id }: { factor: FactorKind; factor_id: string }): Factor => ({
  kind: factor,
  id: factor_id,
});

const identityOf = ({ provider, identity_hash }: { provider: string; identity_hash: string }): Identity => ({
  provider,
  hash: identity_hash,
});
