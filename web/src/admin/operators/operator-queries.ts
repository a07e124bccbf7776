import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';

export const operatorsQuery = queryOptions({
  queryKey: ['admin', 'operators'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/operators', { signal }))).data.operators,
});
export type Operator = Awaited<ReturnType<NonNullable<(typeof operatorsQuery)['queryFn']>>>[number];
export type Role = Operator['role'];
export const roles: readonly Role[] = ['admin', 'finance', 'auditor', 'operator'];

const PAGE = 20;
export const tracesQuery = (after?: number) =>
  queryOptions({
    queryKey: ['admin', 'traces', after],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/admin/traces', { signal, params: { query: given({ after, limit: PAGE }) } }),
        )
      ).data,
    placeholderData: keepPreviousData,
  });
