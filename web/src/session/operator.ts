import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import { queryClient } from '../api/queries.ts';
import type { PasskeyDesk } from '../factors/passkey-desk.ts';
import { answerChallenge, makePasskey } from './passkeys.ts';
import type { FactorDesk } from '../factors/factor-desk.ts';
import type { SecondStep } from '../shell/credentials-form.tsx';
import { noteBegin } from './expiry.ts';

// Who is signed in to Admin. The browser has the cookie, and no script can read it.

/** The operator, with what the role may do. Fails with a 401 where nobody is signed in. */
export const operatorQuery = queryOptions({
  queryKey: ['admin', 'me'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/me', { signal }))).data,
  staleTime: 60_000,
  meta: { asksWho: true },
});

type Operator = Awaited<ReturnType<NonNullable<(typeof operatorQuery)['queryFn']>>>;

async function begin(operator: Operator): Promise<void> {
  queryClient.setQueryData(operatorQuery.queryKey, operator);
  noteBegin();
  // What failed while nobody was signed in is asked again; what another operator saw is not shown.
  await queryClient.invalidateQueries({ queryKey: ['admin'] });
}

/**
 * Gives the password.
 * @returns what takes the second step, where one is asked for
 * @throws ApiFailure
 */
export async function signInOperator(name: string, password: string): Promise<SecondStep | undefined> {
  const { data: entered } = await answer(api.POST('/api/admin/session', { body: { name, password } }));
  if (!('ticket' in entered)) {
    await begin(entered);
    return undefined;
  }
  const { ticket } = entered;
  return async (code) => {
    const { data } = await answer(api.POST('/api/admin/session/second-factor', { body: { ticket, code } }));
    await begin(data);
  };
}

/**
 * Gives the password again, for what asks for a fresh proof.
 * @throws ApiFailure
 */
export async function proveOperator(password: string): Promise<void> {
  const { data } = await answer(api.POST('/api/admin/step-up', { body: { password } }));
  queryClient.setQueryData(operatorQuery.queryKey, data);
}

/** Ends the session of this browser, whatever the service answers. */
export async function signOutOperator(): Promise<void> {
  await answer(api.DELETE('/api/admin/session')).catch(() => undefined);
  queryClient.clear();
  noteBegin();
}

/** The second factor of the operator. */
export const operatorFactors: FactorDesk = {
  key: ['admin', 'totp'],
  standing: async (signal) => (await answer(api.GET('/api/admin/totp', { signal }))).data,
  prove: proveOperator,
  begin: async () => (await answer(api.POST('/api/admin/totp'))).data,
  confirm: async (code) => {
    const { data } = await answer(api.POST('/api/admin/totp/confirm', { body: { code } }));
    // Who had to have one may do the rest from now on.
    await queryClient.invalidateQueries({ queryKey: ['admin'] });
    return data.recovery_codes;
  },
  remove: async () => {
    await answer(api.DELETE('/api/admin/totp'));
    await queryClient.invalidateQueries({ queryKey: ['admin'] });
  },
  renew: async () => (await answer(api.POST('/api/admin/recovery-codes'))).data.recovery_codes,
};

/** @throws ApiFailure, and a DOMException where the operator leaves it */
export async function signInOperatorByPasskey(): Promise<void> {
  const { data: asked } = await answer(api.POST('/api/admin/session/passkey/options'));
  const body = await answerChallenge(asked);
  const { data } = await answer(api.POST('/api/admin/session/passkey', { body }));
  await begin(data);
}

const anew = () => queryClient.invalidateQueries({ queryKey: ['admin'] });

/** The passkeys of the operator. */
export const operatorPasskeys: PasskeyDesk = {
  key: ['admin', 'passkeys'],
  list: async (signal) => (await answer(api.GET('/api/admin/passkeys', { signal }))).data,
  prove: proveOperator,
  add: async (name) => {
    const { data: asked } = await answer(api.POST('/api/admin/passkeys/options'));
    await answer(api.POST('/api/admin/passkeys', { body: { ...(await makePasskey(asked)), name } }));
  },
  ask: async (id, second_step) => {
    const params = { path: { id } };
    const { data } = await answer(api.PATCH('/api/admin/passkeys/{id}', { params, body: { second_step } }));
    // Who had to have a second factor may do the rest from now on.
    await anew();
    return data.recovery_codes;
  },
  remove: async (id) => {
    await answer(api.DELETE('/api/admin/passkeys/{id}', { params: { path: { id } } }));
    await anew();
  },
};
