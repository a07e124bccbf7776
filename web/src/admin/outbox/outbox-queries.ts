import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';

const PAGE = 50;
/** What waits goes out without a word: it is looked at often while the page is open. */
const EVERY_MS = 5_000;

export const messageStates = ['waiting', 'delivered', 'dead', 'discarded'] as const;

const words = ['receiver', 'source', 'before'] as const;

/** Which messages are looked at, as the page's address says it. */
export type OutboxSearch = { readonly [word in (typeof words)[number]]?: string | undefined } & {
  readonly state?: (typeof messageStates)[number] | undefined;
};

// What looks like a number comes from the address as one.
export const readOutboxSearch = (search: Record<string, unknown>): OutboxSearch => {
  const state = messageStates.find((each) => each === search['state']);
  const read = words.flatMap((word) => {
    const value = search[word];
    return (typeof value === 'string' && value !== '') || typeof value === 'number'
      ? [[word, String(value)]]
      : [];
  });
  return { ...(Object.fromEntries(read) as OutboxSearch), ...(state && { state }) };
};

export const outboxQuery = (search: OutboxSearch) =>
  queryOptions({
    queryKey: ['admin', 'outbox', search],
    queryFn: async ({ signal }) => {
      const query = given({ ...search, limit: PAGE });
      return (await answer(api.GET('/api/admin/outbox', { signal, params: { query } }))).data;
    },
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
export type Message = Awaited<
  ReturnType<NonNullable<ReturnType<typeof outboxQuery>['queryFn']>>
>['messages'][number];

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'outbox', 'one', id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/admin/outbox/{id}', { signal, params: { path: { id } } }))).data,
  });
