import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';

export const payProvidersQuery = queryOptions({
  queryKey: ['admin', 'payment-providers'],
  queryFn: async ({ signal }) =>
    (await answer(api.GET('/api/admin/payment-providers', { signal }))).data.providers,
});
export type PayProvider = Awaited<ReturnType<NonNullable<(typeof payProvidersQuery)['queryFn']>>>[number];

/** A setting as it is typed and read: a list with commas. */
export const settingText = (value: unknown): string => {
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
};
