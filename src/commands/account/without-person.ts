import type { Account } from '../../domain/account/state.js';
import { ERASED_TEXT } from '../../domain/stored/person-text.js';
import { opened } from '../../support/opened.js';
import type { PersonalDataVault } from '../../support/personal-data-vault.js';

/** Shorter ones are in words that have nothing to do with the person. */
const SHORTEST = 3;

/**
 * A text without what is known of a person: the reason of an erasure stays readable, because there is no key left to seal it with, and must
 * not say who was erased.
 */
export async function withoutPerson(
  vault: PersonalDataVault,
  account: Account,
  text: string,
): Promise<string> {
  const { username, affCode } = account;
  const names = await opened(vault.openTexts, { username, affCode });
  const personal = await vault.open(account.personal);
  const known = [...Object.values(names), ...Object.values(personal ?? {})].filter(
    (value) => value.length >= SHORTEST,
  );
  // The longest first: an address holds the name.
  known.sort((a, b) => b.length - a.length);
  return known.reduce(
    (rest, value) => rest.replaceAll(new RegExp(inExpression(value), 'giu'), ERASED_TEXT),
    text,
  );
}

const inExpression = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
