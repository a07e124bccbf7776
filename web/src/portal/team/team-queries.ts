import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import type { TeamActs } from '../../team/team-types.ts';

const TEAM = ['team'] as const;

/** The team of one's own account. */
export const teamQuery = queryOptions({
  queryKey: [...TEAM, 'own'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/user/team', { signal }))).data,
  staleTime: 60_000,
});

/** What one is a member of. */
export const membershipsQuery = queryOptions({
  queryKey: [...TEAM, 'memberships'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/user/memberships', { signal }))).data,
});

export const ownTeamActs: TeamActs = {
  refreshes: TEAM,
  create: (name) => answer(api.PUT('/api/user/team', { body: { name } })),
  add: (member) => answer(api.PUT('/api/user/team/members/{member}', { params: { path: { member } } })),
  remove: (member, reason) =>
    answer(api.DELETE('/api/user/team/members/{member}', { params: { path: { member } }, body: { reason } })),
  memberBudget: (member, body) =>
    answer(api.PUT('/api/user/team/members/{member}/budget', { params: { path: { member } }, body })),
  keyBudget: (token_id, body) =>
    answer(api.PUT('/api/user/team/keys/{token_id}/budget', { params: { path: { token_id } }, body })),
  assign: (token_id, member) =>
    answer(api.PUT('/api/user/team/keys/{token_id}', { params: { path: { token_id } }, body: { member } })),
};

/** A key of a team, shown once. */
export const makeTeamKey = async (team: string, token_name: string) =>
  (
    await answer(
      api.POST('/api/user/memberships/{team}/keys', { params: { path: { team } }, body: { token_name } }),
    )
  ).data;
