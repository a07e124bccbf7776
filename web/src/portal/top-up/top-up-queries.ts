import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import type { components } from '../../generated/api.ts';

export type Order = components['schemas']['Order'];
export type Options = components['schemas']['TopupOptions'];
export type Quote = NonNullable<Options['quote']>;

/** How one can pay, and what the presets buy. */
export const optionsQuery = queryOptions({
  queryKey: ['topups', 'options'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/user/topups/options', { signal }))).data,
  staleTime: 60_000,
});

/** What another amount buys; a 400 names what is wrong with it. */
export const quoteQuery = (currency: string, amount: string) =>
  queryOptions({
    queryKey: ['topups', 'options', currency, amount],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/user/topups/options', { signal, params: { query: { currency, amount } } })))
        .data.quote,
  });

const PAGE = 20;
/** So often an order is asked for: money that is under way is waited for, money that may still come is looked for. */
const [SOON_MS, WAITING_MS, LATE_MS] = [1_000, 3_000, 15_000] as const;

export const isOver = ({ stage }: Pick<Order, 'stage'>): boolean =>
  stage === 'expired' || stage === 'cancelled' || stage === 'failed';

function pause(order: Order | undefined): number | false {
  if (!order) return WAITING_MS;
  if (order.stage === 'credited') return false;
  if (order.stage === 'paid') return SOON_MS;
  return isOver(order) ? LATE_MS : WAITING_MS;
}

export const ordersQuery = (cursor: string | undefined) => {
  const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
  return queryOptions({
    queryKey: ['topups', 'list', query],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/user/topups', { signal, params: { query } }))).data,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.orders.some((order) => order.status === 'pending') ? WAITING_MS : false,
  });
};

/** One order, asked for again for as long as something may become of it. */
export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['topups', 'one', id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/user/topups/{id}', { signal, params: { path: { id } } }))).data,
    refetchInterval: ({ state }) => pause(state.data),
  });
