import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import { queryClient } from '../api/queries.ts';
import { noteBegin } from './expiry.ts';

// Who is signed in to Admin. The token is in the page's memory alone: what runs in another page cannot read it, and it is gone with the
// page.

let token: string | undefined;

api.use({
  onRequest({ request, schemaPath }) {
    if (token !== undefined && /^\/api\/(admin|audit)\//.test(schemaPath))
      request.headers.set('authorization', `Bearer ${token}`);
    return request;
  },
});

/** The operator, with what the role may do. Fails with a 401 where nobody is signed in. */
export const operatorQuery = queryOptions({
  queryKey: ['admin', 'me'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/me', { signal }))).data,
  staleTime: 60_000,
  meta: { asksWho: true },
});

/** @throws ApiFailure */
export async function signInOperator(name: string, password: string): Promise<undefined> {
  const { data } = await answer(api.POST('/api/admin/login', { body: { name, password } }));
  token = data.token;
  queryClient.setQueryData(operatorQuery.queryKey, data.operator);
  noteBegin();
  // What failed while nobody was signed in is asked again; what another operator saw is not shown.
  await queryClient.invalidateQueries({ queryKey: ['admin'] });
}

/** Ends the session here, whatever the service answers. */
export async function signOutOperator(): Promise<void> {
  await answer(api.POST('/api/admin/logout')).catch(() => undefined);
  token = undefined;
  queryClient.clear();
  noteBegin();
}
