import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import { queryClient } from '../api/queries.ts';
import type { components } from '../generated/api.ts';
import type { SecondStep } from '../shell/credentials-form.tsx';
import { noteBegin } from './expiry.ts';
import { forgetSecrets } from './fresh-secret.ts';

// Who is signed in to the Portal. The browser has the cookie, and no script can read it.

/** The person, as the ledger knows them. Fails with a 401 where nobody is signed in. */
export const personQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/auth/me', { signal }))).data,
  staleTime: 60_000,
  meta: { asksWho: true },
});

type Person = components['schemas']['Me'];

/**
 * Gives the password.
 * @returns what takes the second step, where one is asked for
 * @throws ApiFailure
 */
export async function signInPerson(login: string, password: string): Promise<SecondStep | undefined> {
  const { data: entered } = await answer(api.POST('/api/auth/login', { body: { login, password } }));
  if (!('ticket' in entered)) {
    await beginPerson(entered);
    return undefined;
  }
  const { ticket } = entered;
  return async (code) => {
    const { data } = await answer(api.POST('/api/auth/login/second-factor', { body: { ticket, code } }));
    await beginPerson(data);
  };
}

/**
 * Comes in by the code of a front end's link.
 * @throws ApiFailure
 */
export async function enterPerson(code: string) {
  const { data } = await answer(api.POST('/api/auth/handover', { body: { code } }));
  await beginPerson(data.me);
  return data;
}

/** Somebody has signed in. */
export async function beginPerson(data: Person): Promise<void> {
  const before = queryClient.getQueryData(personQuery.queryKey);
  // What another person saw is not shown.
  if (before && before.user_id !== data.user_id) {
    queryClient.clear();
    forgetSecrets();
  }
  queryClient.setQueryData(personQuery.queryKey, data);
  noteBegin();
  await queryClient.invalidateQueries();
}

/**
 * Gives the password again, for what asks for a fresh proof.
 * @throws ApiFailure
 */
export async function proveAgain(password: string): Promise<void> {
  const { data } = await answer(api.POST('/api/auth/step-up', { body: { password } }));
  queryClient.setQueryData(personQuery.queryKey, data);
}

/** Ends the session, and forgets what was seen in it, whatever the service answers. */
export async function signOutPerson(): Promise<void> {
  await answer(api.POST('/api/auth/logout')).catch(() => undefined);
  queryClient.clear();
  forgetSecrets();
  noteBegin();
}
