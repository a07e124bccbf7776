import { UNNAMABLE } from '../support/clean-text.js';

/** What other reads are called where an id stands in `/{external_user_id}` and below: a user of that name could not be asked for. */
const TAKEN_IDS: readonly string[] = ['models', 'payments', 'topup', 'users'];

/** What some parser between a front end and here undoes before it looks at the path: `%2e`, `%2f`, `%5c`. */
const DECODED_EARLY = /%(?:2e|2f|5c)/i;

/**
 * Whether a user can be asked for by this id, whatever reads the address on its way: parsers of addresses resolve `.` and `..`, take a
 * backslash for a slash, and drop spaces at the ends.
 */
export function isAddressable(id: string): boolean {
  if (id.trim() !== id || id.includes('\\') || UNNAMABLE.test(id) || DECODED_EARLY.test(id)) return false;
  if (TAKEN_IDS.includes(id)) return false;
  return id.split('/').every((part) => part !== '.' && part !== '..');
}
