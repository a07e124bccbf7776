import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';

const EVERY_MS = 15_000;

export const rulesQuery = queryOptions({
  queryKey: ['admin', 'alerts', 'rules'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/alerts', { signal }))).data,
});

type Rules = Awaited<ReturnType<NonNullable<(typeof rulesQuery)['queryFn']>>>;
export type Rule = Rules['rules'][number];
export type Receiver = Rules['receivers'][number];

export const firedQuery = queryOptions({
  queryKey: ['admin', 'alerts', 'fired'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/alerts/fired', { signal }))).data.alerts,
  refetchInterval: EVERY_MS,
});
export type Alert = Awaited<ReturnType<NonNullable<(typeof firedQuery)['queryFn']>>>[number];
