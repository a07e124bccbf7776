import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';
import type { components } from '../../generated/api.ts';

export type Plan = components['schemas']['Plan'];
export type Subscription = components['schemas']['Subscription'];

const PAGE = 50;

export interface PlansSearch {
  readonly cursor?: string | undefined;
}

// What looks like a number comes from the address as one.
export const readPlansSearch = ({ cursor }: Record<string, unknown>): PlansSearch =>
  typeof cursor === 'string' || typeof cursor === 'number' ? { cursor: String(cursor) } : {};

export const plansQuery = queryOptions({
  queryKey: ['admin', 'plans'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/plans', { signal }))).data,
});

export const subscriptionsQuery = (search: PlansSearch) =>
  queryOptions({
    queryKey: ['admin', 'subscriptions', search],
    queryFn: async ({ signal }) => {
      const query = given({ ...search, limit: PAGE });
      return (await answer(api.GET('/api/admin/subscriptions', { signal, params: { query } }))).data;
    },
    placeholderData: keepPreviousData,
  });
export type Subscriptions = Awaited<
  ReturnType<NonNullable<ReturnType<typeof subscriptionsQuery>['queryFn']>>
>;
