import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';

const PAGE = 50;

/** Which are looked at, as the page's address says it: those that nobody has decided about, where it says nothing. */
export interface FlagsSearch {
  readonly state?: 'settled' | undefined;
  readonly cursor?: string | undefined;
}

// What looks like a number comes from the address as one.
export const readFlagsSearch = ({ state, cursor }: Record<string, unknown>): FlagsSearch => ({
  ...(state === 'settled' && { state }),
  ...((typeof cursor === 'string' || typeof cursor === 'number') && { cursor: String(cursor) }),
});

export const flagsQuery = ({ state, cursor }: FlagsSearch) => {
  const query = given({ state: state ?? ('open' as const), cursor, limit: PAGE });
  return queryOptions({
    queryKey: ['admin', 'order-flags', query],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/admin/order-flags', { signal, params: { query } }))).data,
    placeholderData: keepPreviousData,
  });
};
export type Flags = Awaited<ReturnType<NonNullable<ReturnType<typeof flagsQuery>['queryFn']>>>;
export type Flag = Flags['flags'][number];
