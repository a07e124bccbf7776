import type { Keyring } from '../../support/keyring.js';
import type { Passwords } from '../../support/passwords.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { SignInData, UserCredentials } from './ports.js';

export interface LoginDependencies extends CommandDependencies {
  readonly credentials: UserCredentials;
  readonly signInData: SignInData;
  readonly passwords: Passwords;
}

/** As claims name the stream of an address. */
export const emailHash = (
  { keyring }: { readonly keyring: Pick<Keyring, 'hashClaim'> },
  email: string,
): string => keyring.hashClaim('email', email.toLowerCase());
