import { z } from 'zod';
import type { TeamRow } from '../../../../projections/team/query.js';
import { cursorData, cursorInput, cursorPage } from '../../../cursor.js';
import { type BoundEndpoint, endpoint, existingAccount } from '../../../endpoint.js';
import { externalUserIdField } from '../../../fields.js';
import { teamDeskOf } from '../../teams/desk.js';
import { teamEndpoints } from '../../teams/endpoints.js';
import { exampleTeamRow, presentTeamRow, teamRowData } from '../../teams/schema.js';

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/teams',
  access: 'payments:read',
  operationId: 'adminListTeams',
  summary: 'List teams',
  description: 'The newest first.',
  input: z.object(cursorInput),
  data: z.object({ teams: z.array(teamRowData), ...cursorData }),
  refusals: [],
  example: { data: { teams: [exampleTeamRow], next_cursor: null, total: 1, total_capped: false } },
  handle: async (input, { readModels }) => {
    const { rows, page } = await cursorPage(
      input,
      ({ position }: TeamRow) => position,
      (some) => readModels.teams(some),
      (most) => readModels.countTeams(most),
    );
    return { data: { teams: rows.map(presentTeamRow), ...page } };
  },
});

/** What operators do with anybody's team. */
export const adminTeamEndpoints: readonly BoundEndpoint[] = [
  list,
  ...teamEndpoints({
    area: 'admin',
    path: '/teams/{external_user_id}',
    input: { external_user_id: externalUserIdField },
    reads: 'payments:read',
    writes: 'payments:write',
    failures: [],
    operationIds: {
      show: 'adminShowTeam',
      create: 'adminCreateTeam',
      add: 'adminAddTeamMember',
      remove: 'adminRemoveTeamMember',
      memberBudget: 'adminSetMemberBudget',
      assign: 'adminAssignKey',
      keyBudget: 'adminSetKeyBudget',
    },
    of: async (input, context) =>
      teamDeskOf(await existingAccount(context, String(input.external_user_id)), context),
  }),
];
