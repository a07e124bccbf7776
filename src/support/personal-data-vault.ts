import type { PersonalData } from '../domain/account/personal-data.js';
import type { Sealed } from '../domain/stored/fields.js';

/** Opens texts: each sealed one by what it says, or by '' where its person was erased. One that was never sealed is not in the answer. */
export type OpenTexts = (texts: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Seals and opens personal data, one key a person, kept under the master key. Shredding the key is the erasure. */
export interface PersonalDataVault {
  /** Makes the person's key at the first sealing. Rejects once the person was erased. */
  seal(accountId: string, data: PersonalData): Promise<Sealed>;
  /** Undefined when the person's key was erased. */
  open(sealed: Sealed): Promise<PersonalData | undefined>;
  /**
   * Seals a text about a person. The same text of the same person is the same sealed text, so that they can be compared; an empty one stays
   * empty. ERASED_TEXT once the person was erased.
   */
  sealText(accountId: string, text: string): Promise<string>;
  readonly openTexts: OpenTexts;
  erase(accountId: string): Promise<void>;
}
