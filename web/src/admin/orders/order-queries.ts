import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';

const PAGE = 50;

export const stages = ['placed', 'opened', 'paid', 'credited', 'expired', 'cancelled', 'failed'] as const;

const words = ['id', 'external_user_id', 'cursor'] as const;

/** Which orders are looked at, as the page's address says it. */
export type OrdersSearch = { readonly [word in (typeof words)[number]]?: string | undefined } & {
  readonly stage?: (typeof stages)[number] | undefined;
};

// What looks like a number comes from the address as one.
export const readOrdersSearch = (search: Record<string, unknown>): OrdersSearch => {
  const stage = stages.find((each) => each === search['stage']);
  const read = words.flatMap((word) => {
    const value = search[word];
    return (typeof value === 'string' && value !== '') || typeof value === 'number'
      ? [[word, String(value)]]
      : [];
  });
  return { ...(Object.fromEntries(read) as OrdersSearch), ...(stage && { stage }) };
};

export const ordersQuery = (search: OrdersSearch) =>
  queryOptions({
    queryKey: ['admin', 'orders', search],
    queryFn: async ({ signal }) => {
      const query = given({ ...search, limit: PAGE });
      return (await answer(api.GET('/api/admin/orders', { signal, params: { query } }))).data;
    },
    placeholderData: keepPreviousData,
  });
export type Orders = Awaited<ReturnType<NonNullable<ReturnType<typeof ordersQuery>['queryFn']>>>;
export type Order = Orders['orders'][number];

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'orders', 'one', id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/admin/orders/{order_id}', { signal, params: { path: { order_id: id } } })))
        .data,
  });
export type Shown = Awaited<ReturnType<NonNullable<ReturnType<typeof orderQuery>['queryFn']>>>;

/** Of an order: there are never many. */
export const refundsQuery = (orderId: string) =>
  queryOptions({
    queryKey: ['admin', 'orders', 'refunds', orderId],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/admin/refunds', { signal, params: { query: { order_id: orderId, limit: PAGE } } }),
        )
      ).data,
  });
export type Refund = Awaited<
  ReturnType<NonNullable<ReturnType<typeof refundsQuery>['queryFn']>>
>['refunds'][number];
