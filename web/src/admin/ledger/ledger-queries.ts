import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { hasStatus } from '../../api/failure.ts';
import { given } from '../../api/given.ts';

const PAGE = 50;
/** Of what an id may also be the beginning of. */
const ALSO = 5;

/** Everything that an id may be: a figure, a user, a key. */
export const anyQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'ledger', 'any', id],
    queryFn: async ({ signal }) => {
      const [explanations, { users }, { keys }] = await Promise.all([
        answer(api.GET('/api/audit/explain', { signal, params: { query: { id } } })).then(
          ({ data }) => data.explanations,
          (error: unknown) => {
            if (hasStatus(error, 404)) return [];
            throw error;
          },
        ),
        answer(
          api.GET('/api/admin/users', { signal, params: { query: { q: id.slice(0, 100), limit: ALSO } } }),
        ).then(({ data }) => data),
        answer(
          api.GET('/api/admin/keys', { signal, params: { query: { q: id.slice(0, 100), limit: ALSO } } }),
        ).then(({ data }) => data),
      ]);
      return { explanations, users, keys };
    },
  });

export const diffQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['admin', 'ledger', 'diff', from, to],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/audit/diff', { signal, params: { query: { from: Number(from), to: Number(to) } } }),
        )
      ).data,
    retry: false,
  });

export interface Events {
  readonly stream?: string | undefined;
  readonly user?: string | undefined;
  readonly cursor?: string | undefined;
}

export const eventsQuery = ({ stream, user, cursor }: Events) =>
  queryOptions({
    queryKey: ['admin', 'ledger', 'events', stream, user, cursor],
    queryFn: async ({ signal }) => {
      const query = given({ stream, external_user_id: user, cursor, limit: PAGE });
      return (await answer(api.GET('/api/audit/events', { signal, params: { query } }))).data;
    },
    placeholderData: keepPreviousData,
    retry: false,
  });
export type LedgerEvent = Awaited<
  ReturnType<NonNullable<ReturnType<typeof eventsQuery>['queryFn']>>
>['events'][number];
