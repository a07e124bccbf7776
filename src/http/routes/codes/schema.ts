import type { GrantGiven } from '../../../commands/grant/commands.js';
import type { RefusalCode } from '../../../domain/refusal.js';
import type { GrantView } from '../../../projections/grant/query.js';
import type { Answer } from '../../endpoint.js';
import { nameText } from '../../fields.js';
import { refused } from '../../refusals.js';
import { exampleOwnGrant, ownGrantData, presentOwnGrant } from '../grants/schema.js';

export const codeField = nameText(1, 100).meta({
  description: 'as it was typed: small letters, hyphens and spaces do not matter',
});

/** What front ends and people are told of a code. */
export const redeeming = {
  description:
    'Gives what the code is worth, once; the same code of the same user again is answered as before. Ten codes in an hour that there are not, and no code is taken of the user until an hour later.',
  data: ownGrantData,
  refusals: [
    'account_not_found',
    'account_erased',
    'account_suspended',
    'balance_ceiling',
    'code_malformed',
    'code_unknown',
    'code_void',
    'code_over',
    'code_used',
    'code_guesses_most',
    'grants_off',
  ] satisfies readonly RefusalCode[],
  example: {
    request: { code: '3FJ7-K2M9-QXV4-T8ZR-5NDC-B6HW-1A' },
    data: { ...exampleOwnGrant, kind: 'code' },
  },
} as const;

/** What a code gave. */
export async function redeemed(
  given: { readonly value: GrantGiven; readonly replayed: boolean },
  grantOf: (grantId: string) => Promise<GrantView | undefined>,
): Promise<Answer> {
  const grant = await grantOf(given.value.grantId);
  if (!grant) throw refused({ code: 'grant_not_found' });
  return { data: presentOwnGrant(grant), replayed: given.replayed };
}
