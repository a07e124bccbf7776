import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';

const PAGE = 50;

/** Which page of referrals, and of whom, as the page's address says it. */
export type ReferralsSearch = { readonly [word in (typeof words)[number]]?: string | undefined };

const words = ['external_user_id', 'cursor'] as const;

// What looks like a number comes from the address as one.
export const readReferralsSearch = (search: Record<string, unknown>): ReferralsSearch =>
  Object.fromEntries(
    words.flatMap((word) => {
      const value = search[word];
      return (typeof value === 'string' && value !== '') || typeof value === 'number'
        ? [[word, String(value)]]
        : [];
    }),
  );

export const referralsQuery = (search: ReferralsSearch) =>
  queryOptions({
    queryKey: ['admin', 'referrals', search],
    queryFn: async ({ signal }) => {
      const query = given({ ...search, limit: PAGE });
      return (await answer(api.GET('/api/admin/referrals', { signal, params: { query } }))).data;
    },
    placeholderData: keepPreviousData,
  });
export type Referrals = Awaited<ReturnType<NonNullable<ReturnType<typeof referralsQuery>['queryFn']>>>;
export type Referral = Referrals['referrals'][number];
