import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';

/** What one has, what is held of it, and what was done already. */
export const balanceQuery = queryOptions({
  queryKey: ['balance'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/user/balance', { signal }))).data,
});
