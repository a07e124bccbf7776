import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import type { components } from '../../generated/api.ts';

export type Plan = components['schemas']['OfferedPlan'];
export type Subscription = components['schemas']['OwnSubscription'];
export type Period = Subscription['periods'][number];

/** What can be bought by the period. */
export const plansQuery = queryOptions({
  queryKey: ['plans'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/user/plans', { signal }))).data,
  staleTime: 60_000,
});

export const SUBSCRIPTIONS = ['subscription'] as const;

/** What one is subscribed to. */
export const subscriptionsQuery = queryOptions({
  queryKey: SUBSCRIPTIONS,
  queryFn: async ({ signal }) => (await answer(api.GET('/api/user/subscription', { signal }))).data,
});
