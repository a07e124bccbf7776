import type { Passkey } from '../../../commands/login/passkey-ports.js';
import type { FactorStanding } from '../../sessions/factors.js';
import type { Challenge, NewPasskey, PasskeyChange } from '../../sessions/passkey-desk.js';
import type { SignedInPerson, Visit } from './person.js';

/** What people do about their own second factor. All but looking throws as `requireProof` does. */
export interface OwnFactors {
  factors(person: SignedInPerson): Promise<FactorStanding>;
  beginTotp(person: SignedInPerson, visit: Visit): Promise<{ readonly secret: string; readonly uri: string }>;
  /** @returns recovery codes, where there were none */
  confirmTotp(person: SignedInPerson, code: string, visit: Visit): Promise<readonly string[]>;
  removeTotp(person: SignedInPerson, visit: Visit): Promise<void>;
  renewCodes(person: SignedInPerson, visit: Visit): Promise<readonly string[]>;
}

/** What people do about their own passkeys. All but looking throws as `requireProof` does. */
export interface OwnPasskeys {
  /** Whether browsers have passkeys where the service is reached. */
  hasPasskeys(): boolean;
  passkeys(person: SignedInPerson): Promise<readonly Passkey[]>;
  /** Throws 409 `passkeys_unavailable`, `too_many_passkeys`. */
  beginPasskey(person: SignedInPerson): Promise<Challenge>;
  /** Throws 401 `passkey_invalid`. */
  addPasskey(person: SignedInPerson, given: NewPasskey, visit: Visit): Promise<Passkey>;
  /** Throws 404 `passkey_not_found`. @returns recovery codes, where it is the first that is asked for after the password */
  changePasskey(
    person: SignedInPerson,
    id: string,
    change: PasskeyChange,
    visit: Visit,
  ): Promise<readonly string[]>;
  /** Throws 404 `passkey_not_found`. */
  removePasskey(person: SignedInPerson, id: string, visit: Visit): Promise<void>;
}
