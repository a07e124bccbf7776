import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';

export const ownGrantsQuery = queryOptions({
  queryKey: ['grants'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/user/grants', { signal }))).data,
});
export type Grant = Awaited<ReturnType<NonNullable<(typeof ownGrantsQuery)['queryFn']>>>['grants'][number];
