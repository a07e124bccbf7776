import { z } from 'zod';
import { accepted, type BoundEndpoint, endpoint, ownAccount, projected } from '../../../endpoint.js';
import { refused } from '../../../refusals.js';
import { externalUserIdField, nameText } from '../../../fields.js';
import { teamEndpoints } from '../../teams/endpoints.js';
import { exampleTeam, presentTeam, teamData } from '../../teams/schema.js';
import { suspendedRow } from '../failures.js';

const memberships = endpoint({
  method: 'get',
  area: 'user',
  path: '/memberships',
  access: 'person',
  operationId: 'listMemberships',
  summary: 'List the teams that you are a member of',
  description: 'Of each what concerns you: your keys, and what you may spend.',
  input: z.object({}),
  data: z.object({ teams: z.array(teamData) }),
  refusals: [],
  example: { data: { teams: [exampleTeam] } },
  handle: async (_, context) => {
    const teams = await ownAccount(context).reads.memberships(context.now);
    return { data: { teams: teams.map(presentTeam) } };
  },
});

const HIDDEN: ReadonlySet<string> = new Set(['account_not_found', 'team_member_not_found']);

const issue = endpoint({
  method: 'post',
  area: 'user',
  path: '/memberships/{team}/keys',
  access: 'person',
  operationId: 'issueTeamKey',
  summary: 'Make yourself a key of a team',
  description:
    "It spends what the team has, within your budget. It is shown once; with an `Idempotency-Key` a repetition shows the same one. The team's owner sees it too, by its name and mask.",
  input: z.object({
    team: externalUserIdField.meta({ description: 'whose team: `external_user_id` of it' }),
    token_name: nameText(1, 50),
  }),
  data: z.object({ token_id: z.int(), access_key: z.string().nullable(), key_mask: z.string() }),
  refusals: [
    ...(['account_erased', 'account_suspended', 'team_not_found', 'teams_off'] as const),
    'idempotency_conflict',
  ],
  failures: [suspendedRow],
  example: {
    request: { token_name: 'laptop' },
    data: { token_id: 7, access_key: 'sk-…', key_mask: 'sk-a…f3Zq' },
  },
  handle: async ({ team, token_name: tokenName }, context) => {
    const { commands } = ownAccount(context);
    const result = await commands.issueTeamToken({ team, tokenName }, context.meta);
    // Whose account there is, and who has a team, is nobody's business who is no member.
    if (!result.ok && HIDDEN.has(result.refusal.code)) throw refused({ code: 'team_not_found' });
    const { value, position, replayed } = accepted(result);
    await projected(context, position);
    const { tokenId, accessKey, keyMask } = value;
    return { data: { token_id: tokenId, access_key: accessKey ?? null, key_mask: keyMask }, replayed };
  },
});

/** The team of one's own account, and what one is a member of. */
export const ownTeamEndpoints: readonly BoundEndpoint[] = [
  memberships,
  issue,
  ...teamEndpoints({
    area: 'user',
    path: '/team',
    input: {},
    reads: 'person',
    writes: 'person',
    failures: [suspendedRow],
    operationIds: {
      show: 'showTeam',
      create: 'createTeam',
      add: 'addTeamMember',
      remove: 'removeTeamMember',
      memberBudget: 'setMemberBudget',
      assign: 'assignKey',
      keyBudget: 'setKeyBudget',
    },
    of: (_, context) => {
      const { reads, commands } = ownAccount(context);
      const { meta } = context;
      return Promise.resolve({
        find: () => reads.team(context.now),
        create: (name) => commands.createTeam(name, meta),
        add: (member) => commands.addTeamMember(member, meta),
        remove: (member, reason) => commands.removeTeamMember({ member, reason }, meta),
        setBudget: (budget) => commands.setBudget(budget, meta),
        assign: (tokenId, member) => commands.assignToken({ tokenId, member }, meta),
      });
    },
  }),
];
