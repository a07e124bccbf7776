import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';

export const pricesQuery = queryOptions({
  queryKey: ['admin', 'prices'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/prices', { signal }))).data,
});
export type PriceList = Awaited<ReturnType<NonNullable<(typeof pricesQuery)['queryFn']>>>;
type Published = PriceList['prices'][number];
/** What is left out of a draft has its default. */
export type Price = Pick<Published, 'model'> & Partial<Published>;
export type Group = PriceList['groups'][number];

const PAGE = 20;
export const versionsQuery = (before?: number) =>
  queryOptions({
    queryKey: ['admin', 'prices', 'versions', before],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/admin/prices/versions', {
            signal,
            params: { query: { limit: PAGE, ...(before !== undefined && { before }) } },
          }),
        )
      ).data,
  });

/** A list as it was published, never changed since. */
export const versionQuery = (version: number) =>
  queryOptions({
    queryKey: ['admin', 'prices', 'versions', 'one', version],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/admin/prices/versions/{version}', { signal, params: { path: { version } } }),
        )
      ).data,
    staleTime: Number.POSITIVE_INFINITY,
  });

export interface List {
  readonly prices: readonly Price[];
  readonly groups: readonly Group[];
}

/** What is sent: the list, and the version that was changed. */
export interface SentList extends List {
  readonly base: number;
}

const send = async ({ base, prices, groups }: SentList, isDryRun: boolean) =>
  (
    await answer(
      api.POST('/api/admin/prices', {
        body: { base_version: base, prices: [...prices], groups: [...groups], dry_run: isDryRun },
      }),
    )
  ).data;
export type PriceChanges = Awaited<ReturnType<typeof send>>;

/** A list that is not published yet, with what it would change. */
export interface Draft extends SentList {
  readonly changes: PriceChanges;
}

/** Asks the API what a list would change; a list that it does not accept becomes no draft. */
export const draftOf = async (list: SentList): Promise<Draft> => ({
  ...list,
  changes: await send(list, true),
});

/** Publishes where `base` is still the version in force. */
export const publish = (list: SentList) => send(list, false);
