import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';

const EVERY_MS = 10_000;

export const overviewQuery = queryOptions({
  queryKey: ['admin', 'overview'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/overview', { signal }))).data,
  refetchInterval: EVERY_MS,
});
export type Overview = Awaited<ReturnType<NonNullable<(typeof overviewQuery)['queryFn']>>>;
