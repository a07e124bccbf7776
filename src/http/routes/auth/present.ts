import type { z } from 'zod';
import { emailOf } from '../../../domain/account/profile.js';
import type { PersonContext } from '../../area-contexts.js';
import { type Answer, existingAccount, projected } from '../../endpoint.js';
import type { SignedInPerson, Started } from '../../people/ports/person.js';
import type { PersonToken } from '../../people/ports/signing-in.js';
import { exampleSession, presentSession } from '../sessions/schema.js';
import type { meData } from './schema.js';

const [ENABLED, SUSPENDED] = [1, 2] as const;

/** Who is signed in, as the read models have it now. */
export async function presentMe(
  context: Pick<PersonContext, 'readModels' | 'people'>,
  person: SignedInPerson,
): Promise<z.output<typeof meData>> {
  const [account, login, language] = await Promise.all([
    existingAccount(context, person.externalUserId),
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
    status: person.suspended ? SUSPENDED : ENABLED,
    language: language ?? null,
    session: person.session ? presentSession(person.session, person.session.id) : null,
  };
}

/** The request of somebody, as it is told on. */
export const visitOf = ({ meta, address, agent, language }: PersonContext) => ({
  meta,
  language,
  visitor: { address, agent },
});

/** Who has just signed in, with the cookie. */
export async function entered(context: PersonContext, { person, secret }: Started): Promise<Answer> {
  const { people, readModels, settings } = context;
  // Who has just registered is in the log, and perhaps not in the read models yet.
  if (!(await readModels.account(person.externalUserId)))
    await projected({ readModels, settings }, await people.head());
  return { data: await presentMe(context, person), cookie: { kind: 'person', secret } };
}

export const presentToken = ({ token, expiresAt }: PersonToken) => ({
  token,
  token_type: 'Bearer' as const,
  expires_at: expiresAt,
});

export const exampleMe = {
  user_id: 7,
  external_user_id: 'self-5b1c6d6e-9d6b-4c66-9b59-0d3f4f4c7e10',
  username: 'alice',
  display_name: '',
  email: 'alice@example.com',
  email_verified: true,
  has_password: true,
  group: 'default',
  status: 1,
  language: 'en' as const,
  session: exampleSession,
};

export const exampleToken = {
  token: 'eyJhbGciOiJIUzI1NiJ9.…',
  token_type: 'Bearer' as const,
  expires_at: 1795221000,
};
