import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';

const PAGE = 50;

/** Which page of batches, as the page's address says it. */
export interface CodesSearch {
  readonly cursor?: string | undefined;
}

export const readCodesSearch = (search: Record<string, unknown>): CodesSearch => {
  const { cursor } = search;
  return typeof cursor === 'string' || typeof cursor === 'number' ? { cursor: String(cursor) } : {};
};

export const codesQuery = (search: CodesSearch) =>
  queryOptions({
    queryKey: ['admin', 'codes', search],
    queryFn: async ({ signal }) => {
      const query = given({ ...search, limit: PAGE });
      return (await answer(api.GET('/api/admin/codes', { signal, params: { query } }))).data;
    },
    placeholderData: keepPreviousData,
  });
export type CodeBatches = Awaited<ReturnType<NonNullable<ReturnType<typeof codesQuery>['queryFn']>>>;
export type CodeBatch = CodeBatches['batches'][number];

export const lookUpCode = async (code: string) =>
  (await answer(api.POST('/api/admin/codes/look-up', { body: { code } }))).data;
