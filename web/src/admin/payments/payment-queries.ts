import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';
import type { PaymentsSearch } from './payments-search.ts';

const PAGE = 50;

export const paymentsQuery = (search: PaymentsSearch) =>
  queryOptions({
    queryKey: ['admin', 'payments', search],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/admin/payments', { signal, params: { query: given({ ...search, limit: PAGE }) } }),
        )
      ).data,
    placeholderData: keepPreviousData,
  });
export type Payments = Awaited<ReturnType<NonNullable<ReturnType<typeof paymentsQuery>['queryFn']>>>;

export const paymentQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'payments', 'one', id],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/admin/payments/{payment_id}', { signal, params: { path: { payment_id: id } } }),
        )
      ).data,
  });
export type Payment = Awaited<ReturnType<NonNullable<ReturnType<typeof paymentQuery>['queryFn']>>>;
