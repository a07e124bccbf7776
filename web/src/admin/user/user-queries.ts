import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';

const pathOf = (id: string) => ({ path: { external_user_id: id } });

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'user', id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/admin/users/{external_user_id}', { signal, params: pathOf(id) }))).data,
  });
export type User = Awaited<ReturnType<NonNullable<ReturnType<typeof userQuery>['queryFn']>>>;

/** A moment as the audit takes it: a time, or a position; neither is now. */
export type At = Partial<Record<'as_of', string>> & Partial<Record<'at_position', number>>;

export const balanceQuery = (id: string, at: At = {}) =>
  queryOptions({
    queryKey: ['admin', 'user', id, 'balance', at],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/audit/users/{external_user_id}/balance', {
            signal,
            params: { ...pathOf(id), query: at },
          }),
        )
      ).data,
  });

export const changesQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'user', id, 'changes'],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/audit/history', { signal, params: { query: { kind: 'user', id } } }))).data
        .changes,
  });
export type Change = Awaited<ReturnType<NonNullable<ReturnType<typeof changesQuery>['queryFn']>>>[number];

export const statementQuery = (id: string, month: string) =>
  queryOptions({
    queryKey: ['admin', 'user', id, 'statement', month],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/audit/users/{external_user_id}/statement', {
            signal,
            params: { ...pathOf(id), query: { month } },
          }),
        )
      ).data,
  });
