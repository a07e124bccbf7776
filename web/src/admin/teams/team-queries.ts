import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';
import type { TeamActs } from '../../team/team-types.ts';

const PAGE = 50;

export interface TeamsSearch {
  readonly cursor?: string | undefined;
}

// What looks like a number comes from the address as one.
export const readTeamsSearch = ({ cursor }: Record<string, unknown>): TeamsSearch =>
  typeof cursor === 'string' || typeof cursor === 'number' ? { cursor: String(cursor) } : {};

export const teamsQuery = (search: TeamsSearch) =>
  queryOptions({
    queryKey: ['admin', 'teams', search],
    queryFn: async ({ signal }) => {
      const query = given({ ...search, limit: PAGE });
      return (await answer(api.GET('/api/admin/teams', { signal, params: { query } }))).data;
    },
    placeholderData: keepPreviousData,
  });
export type Teams = Awaited<ReturnType<NonNullable<ReturnType<typeof teamsQuery>['queryFn']>>>;

export const teamQuery = (external_user_id: string) =>
  queryOptions({
    queryKey: ['admin', 'team', external_user_id],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/admin/teams/{external_user_id}', { signal, params: { path: { external_user_id } } }),
        )
      ).data,
  });

const BASE = '/api/admin/teams/{external_user_id}';

export const teamActsOf = (external_user_id: string): TeamActs => ({
  refreshes: ['admin'],
  create: (name) => answer(api.PUT(BASE, { params: { path: { external_user_id } }, body: { name } })),
  add: (member) =>
    answer(api.PUT(`${BASE}/members/{member}`, { params: { path: { external_user_id, member } } })),
  remove: (member, reason) =>
    answer(
      api.DELETE(`${BASE}/members/{member}`, {
        params: { path: { external_user_id, member } },
        body: { reason },
      }),
    ),
  memberBudget: (member, body) =>
    answer(
      api.PUT(`${BASE}/members/{member}/budget`, { params: { path: { external_user_id, member } }, body }),
    ),
  keyBudget: (token_id, body) =>
    answer(
      api.PUT(`${BASE}/keys/{token_id}/budget`, { params: { path: { external_user_id, token_id } }, body }),
    ),
  assign: (token_id, member) =>
    answer(
      api.PUT(`${BASE}/keys/{token_id}`, {
        params: { path: { external_user_id, token_id } },
        body: { member },
      }),
    ),
});
