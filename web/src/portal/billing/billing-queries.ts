import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';
import type { components } from '../../generated/api.ts';
import type { BillingSearch } from './billing-search.ts';

export type BillingRow = components['schemas']['BillingRow'];
export type Sums = Pick<
  components['schemas']['BillingStats'],
  'opening' | 'credited' | 'granted' | 'spent' | 'refunded' | 'adjusted' | 'closing' | 'calls'
>;

const PAGE = 20;

/** The filter as the API takes it. */
export const filterOf = ({ kind: type, state: status, from, to }: BillingSearch) =>
  given({ type, status, from, to });

/** One page of what moved the balance, the newest day first. */
export const billingQuery = (search: BillingSearch) => {
  const query = { ...filterOf(search), ...given({ cursor: search.cursor }), limit: PAGE };
  return queryOptions({
    queryKey: ['billing', query],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/user/billing', { signal, params: { query } }))).data,
    placeholderData: keepPreviousData,
  });
};

/** How the balance of one day became that of another. */
export const billingStatsQuery = (range: Pick<BillingSearch, 'from' | 'to'>) => {
  const query = given(range);
  return queryOptions({
    queryKey: ['billing', 'stats', query],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/user/billing/stats', { signal, params: { query } }))).data,
    placeholderData: keepPreviousData,
  });
};

/** A row with what it is made of. */
export const billingRowQuery = (id: string) =>
  queryOptions({
    queryKey: ['billing', 'one', id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/user/billing/{id}', { signal, params: { path: { id } } }))).data,
  });

export const statementsQuery = queryOptions({
  queryKey: ['statements'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/user/statements', { signal }))).data,
});

export const statementQuery = (month: string) =>
  queryOptions({
    queryKey: ['statements', month],
    queryFn: async ({ signal }) =>
      inJson(await answer(api.GET('/api/user/statements/{month}', { signal, params: { path: { month } } }))),
  });

/** The same address answers text where CSV is asked for. */
const inJson = <Data>(said: string | { readonly data: Data }): Data => {
  if (typeof said === 'string') throw new TypeError('a statement was answered as text');
  return said.data;
};

/** Where a month is written as a spreadsheet reads it. */
export const statementFile = (month: string): string => `/api/user/statements/${month}?format=csv`;
