import type { AccountView } from '../../projections/account/view.js';
import { HttpFailure } from '../failure.js';

/**
 * The groups whose prices somebody's keys may be used at. A group is a ratio, which operators and front ends give: nobody chooses a cheaper
 * one for themselves.
 */
export const groupsOf = ({ group }: Pick<AccountView, 'group'>): readonly string[] => [group];

/**
 * The group of a key that its owner makes: null, so that the key follows the user's own one.
 *
 * Throws a 403 `group_not_allowed`.
 */
export function groupOfOwnKey(account: Pick<AccountView, 'group'>, wanted: string | undefined): null {
  if (wanted !== undefined && wanted !== '' && !groupsOf(account).includes(wanted)) throw notAllowed();
  return null;
}

const notAllowed = () =>
  new HttpFailure({
    status: 403,
    code: 'group_not_allowed',
    text: { zh: '不能使用该分组', en: 'You may not use this group' },
  });
