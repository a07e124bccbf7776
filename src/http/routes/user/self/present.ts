import type { z } from 'zod';
import { emailOf } from '../../../../domain/account/profile.js';
import type { UserContext } from '../../../area-contexts.js';
import { ownAccount, signedInPerson } from '../../../endpoint.js';
import { groupsOf } from '../../../people/groups.js';
import { seconds } from '../../../present.js';
import type { selfData } from './schema.js';

/** Who asks, as the read models have it now. */
export async function presentSelf(context: UserContext): Promise<z.output<typeof selfData>> {
  const person = signedInPerson(context);
  const [account, login, language] = await Promise.all([
    ownAccount(context).reads.account(),
    context.people.login(person.accountId),
    context.people.languageOf(person.accountId),
  ]);
  const email = emailOf(account.externalUserId, account.personal);
  return {
    user_id: account.userId,
    external_user_id: account.externalUserId,
    username: account.username,
    display_name: account.personal?.display_name ?? '',
    email,
    email_verified: email !== '' && context.people.isVerified(login, email),
    has_password: login !== undefined && !login.closed,
    group: account.group,
    status: person.suspended ? 'suspended' : 'enabled',
    language: language ?? null,
    created_at: seconds(account.createdAt),
    timezone: context.settings.timezone,
    may: {
      act: !person.suspended,
      change_sign_in: typeof person.session?.via !== 'string' && !person.suspended,
      groups: [...groupsOf(account)],
    },
  };
}
