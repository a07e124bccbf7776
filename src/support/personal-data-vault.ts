import type { PersonalData } from '../domain/account/personal-data.js';
import type { Sealed } from '../domain/stored/fields.js';

/** Seals and opens personal data, one key a person, kept under the master key. Shredding the key is the erasure. */
export interface PersonalDataVault {
  /** Makes the person's key at the first sealing. Rejects once the person was erased. */
  seal(accountId: string, data: PersonalData): Promise<Sealed>;
  /** Undefined when the person's key was erased. */
  open(sealed: Sealed): Promise<PersonalData | undefined>;
  erase(accountId: string): Promise<void>;
}
