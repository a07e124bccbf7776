import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';
import { download } from '../../format/download.ts';
import type { paths } from '../../generated/api.ts';
import type { ActsSearch } from './acts-search.ts';

const PAGE = 50;
type Query = NonNullable<paths['/api/admin/acts']['get']['parameters']['query']>;

/** What cannot be an event's name is the API's to refuse. */
const asked = ({ what, ...search }: ActsSearch) =>
  given({ ...search, type: what as Query['type'] | undefined });

export const actsQuery = (search: ActsSearch) =>
  queryOptions({
    queryKey: ['admin', 'acts', search],
    queryFn: async ({ signal }) => {
      const query = { ...asked(search), limit: PAGE };
      return (await answer(api.GET('/api/admin/acts', { signal, params: { query } }))).data;
    },
    placeholderData: keepPreviousData,
  });
export type Act = Awaited<ReturnType<NonNullable<ReturnType<typeof actsQuery>['queryFn']>>>['acts'][number];

/** All that the filter finds, as CSV. */
export async function exportActs({ cursor: _page, ...filter }: ActsSearch): Promise<void> {
  const query = asked(filter);
  const text = await answer(api.GET('/api/admin/acts/export', { params: { query }, parseAs: 'blob' }));
  download('acts.csv', text, 'text/csv');
}
