import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Passkey } from '../../commands/login/passkey-ports.js';
import type { SessionOwner } from '../../commands/login/ports.js';
import type { Factor } from '../../domain/login/state.js';
import type { Factored } from './factors.js';

/** A challenge for a browser, and what its answer is given back with. */
export interface Challenge {
  readonly ticket: string;
  readonly options: object;
}

export interface NewPasskey {
  readonly ticket: string;
  readonly response: RegistrationResponseJSON;
  readonly name: string;
}

export interface PasskeyAnswer {
  readonly ticket: string;
  readonly response: AuthenticationResponseJSON;
}

export interface PasskeyChange {
  readonly name?: string | undefined;
  readonly secondStep?: boolean | undefined;
}

export type Owned = Pick<Factored, 'owner' | 'factors'>;

/** Passkeys of people and of operators: each opens what the log names it for. */
export interface PasskeyDesk {
  /** Whether browsers have passkeys where the service is reached. */
  isAvailable(): boolean;
  /** For whatever passkey the browser has. Throws 409 `passkeys_unavailable`, 429. */
  options(address: string | undefined): Promise<Challenge>;
  /**
   * Whose passkey answered. Throws 401 `passkey_invalid`, whatever was wrong.
   *
   * @param factorsOf what is in force of an owner; undefined where that is nobody who signs in here
   */
  prove(
    given: PasskeyAnswer,
    factorsOf: (owner: SessionOwner) => Promise<readonly Factor[] | undefined>,
  ): Promise<SessionOwner>;
  /** Those that the log names, the oldest first. */
  inForce(of: Owned): Promise<readonly Passkey[]>;
  /** Whether one of them is asked for after the password. */
  isAskedFor(of: Owned): Promise<boolean>;
  /** Throws 409 `passkeys_unavailable`, `too_many_passkeys`. */
  begin(of: Owned, username: string): Promise<Challenge>;
  /** Throws 401 `passkey_invalid`, 409 `too_many_passkeys`. */
  add(of: Factored, given: NewPasskey): Promise<Passkey>;
  /** Throws 404 `passkey_not_found`. @returns recovery codes, where it is the first that is asked for after the password */
  change(of: Factored, id: string, change: PasskeyChange): Promise<readonly string[]>;
  /** Throws 404 `passkey_not_found`. */
  remove(of: Factored, id: string): Promise<void>;
  /** What the log names no more. */
  forget(owner: SessionOwner): Promise<void>;
}
