import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';
import type { LogsSearch } from './logs-search.ts';

const PAGE = 50;

export const logsQuery = ({ log: _open, token_id, ...search }: LogsSearch) =>
  queryOptions({
    queryKey: ['admin', 'logs', token_id, search],
    queryFn: async ({ signal }) => {
      const query = given({
        ...search,
        limit: PAGE,
        token_id: token_id === undefined ? undefined : Number(token_id),
      });
      return (await answer(api.GET('/api/admin/logs', { signal, params: { query } }))).data;
    },
    placeholderData: keepPreviousData,
  });
export type Log = Awaited<ReturnType<NonNullable<ReturnType<typeof logsQuery>['queryFn']>>>['logs'][number];

export const logQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'logs', 'one', id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/admin/logs/{id}', { signal, params: { path: { id } } }))).data,
  });
