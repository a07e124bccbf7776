import { z } from 'zod';
import { type BoundEndpoint, endpoint, existingAccount } from '../../../endpoint.js';
import { externalUserIdField } from '../../../fields.js';
import { teamDeskOf } from '../../teams/desk.js';
import { teamEndpoints } from '../../teams/endpoints.js';
import { exampleTeam, presentTeam, teamData } from '../../teams/schema.js';

const memberships = endpoint({
  method: 'get',
  path: '/{external_user_id}/memberships',
  access: 'read',
  operationId: 'listUserMemberships',
  summary: 'List the teams that a user is a member of',
  description: 'Of each what concerns this member: their keys, and what they may spend.',
  input: z.object({ external_user_id: externalUserIdField }),
  data: z.object({ teams: z.array(teamData) }),
  refusals: ['account_not_found'],
  example: { data: { teams: [exampleTeam] } },
  handle: async ({ external_user_id }, context) => {
    const { accountId } = await existingAccount(context, external_user_id);
    const teams = await context.readModels.teamsOfMember(accountId, context.now);
    return { data: { teams: teams.map(presentTeam) } };
  },
});

/** The teams of a front end's users. */
export const userTeamEndpoints: readonly BoundEndpoint[] = [
  memberships,
  ...teamEndpoints({
    area: 'external',
    path: '/{external_user_id}/team',
    input: { external_user_id: externalUserIdField },
    reads: 'read',
    writes: 'tokens',
    failures: [],
    operationIds: {
      show: 'getUserTeam',
      create: 'createUserTeam',
      add: 'addUserTeamMember',
      remove: 'removeUserTeamMember',
      memberBudget: 'setUserMemberBudget',
      assign: 'assignUserKey',
      keyBudget: 'setUserKeyBudget',
    },
    of: async (input, context) =>
      teamDeskOf(await existingAccount(context, String(input.external_user_id)), context),
  }),
];
