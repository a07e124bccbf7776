import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';

const PAGE = 50;

export const grantStates = ['open', 'over'] as const;

const words = ['external_user_id', 'cursor'] as const;

/** Which grants are looked at, as the page's address says it. */
export type GrantsSearch = { readonly [word in (typeof words)[number]]?: string | undefined } & {
  readonly state?: (typeof grantStates)[number] | undefined;
};

// What looks like a number comes from the address as one.
export const readGrantsSearch = (search: Record<string, unknown>): GrantsSearch => {
  const state = grantStates.find((each) => each === search['state']);
  const read = words.flatMap((word) => {
    const value = search[word];
    return (typeof value === 'string' && value !== '') || typeof value === 'number'
      ? [[word, String(value)]]
      : [];
  });
  return { ...(Object.fromEntries(read) as GrantsSearch), ...(state && { state }) };
};

export const grantsQuery = (search: GrantsSearch) =>
  queryOptions({
    queryKey: ['admin', 'grants', search],
    queryFn: async ({ signal }) => {
      const query = given({ ...search, limit: PAGE });
      return (await answer(api.GET('/api/admin/grants', { signal, params: { query } }))).data;
    },
    placeholderData: keepPreviousData,
    // What is left of one that is closed is taken in a moment.
    refetchInterval: ({ state }) =>
      state.data?.grants.some(({ status }) => status === 'closed') ? 2_000 : false,
  });
export type Grants = Awaited<ReturnType<NonNullable<ReturnType<typeof grantsQuery>['queryFn']>>>;
export type Grant = Grants['grants'][number];
