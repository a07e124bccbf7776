import { z } from 'zod';
import type { CommandResult } from '../../../commands/handling/command.js';
import type { SetBudget } from '../../../commands/team/commands.js';
import type { Decimal } from '../../../domain/money/decimal.js';
import { quotaOfUsd } from '../../../domain/money/quota.js';
import type { BudgetPeriod } from '../../../domain/team/period.js';
import type { RefusalCode } from '../../../domain/refusal.js';
import type { TeamView } from '../../../projections/team/query.js';
import type { AreaContexts } from '../../area-contexts.js';
import {
  accepted,
  type Answer,
  type BoundEndpoint,
  type Endpoint,
  endpoint,
  type FailureRow,
  projected,
} from '../../endpoint.js';
import { invalidRequest } from '../../failure.js';
import { externalUserIdField, nameText, text } from '../../fields.js';
import type { Access } from '../../middleware/auth.js';
import { refused } from '../../refusals.js';
import { complaints } from '../../validation.js';
import { budgetInput, exampleTeam, presentTeam, teamData } from './schema.js';

/** The team of one account. */
export interface TeamDesk {
  find(): Promise<TeamView | undefined>;
  create(name: string): Promise<CommandResult<unknown>>;
  add(member: string): Promise<CommandResult<unknown>>;
  remove(member: string, reason: string | undefined): Promise<CommandResult<unknown>>;
  setBudget(budget: Omit<SetBudget, 'externalUserId'>): Promise<CommandResult<unknown>>;
  assign(tokenId: number, member: string): Promise<CommandResult<unknown>>;
}

type Areas = 'user' | 'external' | 'admin';
type Acts = 'show' | 'create' | 'add' | 'remove' | 'memberBudget' | 'assign' | 'keyBudget';

/** Whose team: the person of an account their own, a front end its users', an operator anybody's. */
export interface TeamWay<In extends Areas> {
  readonly area: In;
  /** Of the team, under the area. */
  readonly path: string;
  /** Of the path: what names the account, if anything does. */
  readonly input: z.ZodRawShape;
  readonly reads: Access;
  readonly writes: Access;
  readonly failures: readonly FailureRow[];
  readonly operationIds: Readonly<Record<Acts, string>>;
  of(input: Readonly<Record<string, unknown>>, context: AreaContexts[In]): Promise<TeamDesk>;
}

interface Asked {
  readonly member: string;
  readonly token_id: number;
  readonly name: string;
  readonly reason: string | undefined;
  readonly amount_usd: Decimal | undefined;
  readonly unlimited: boolean | undefined;
  readonly period: BudgetPeriod;
  readonly timezone: string | undefined;
}

const members = { member: externalUserIdField.meta({ description: 'the external id of their own account' }) };
const keys = { token_id: z.coerce.number().int().min(1) };
const budgetRequest = { amount_usd: 20, period: 'month', timezone: 'Asia/Shanghai' };

/** What is done with a team, the same for everybody who may. */
export function teamEndpoints<In extends Areas>(way: TeamWay<In>): readonly BoundEndpoint[] {
  return [show(way), ...memberEndpoints(way), ...budgetEndpoints(way)];
}

const show = <In extends Areas>(way: TeamWay<In>) =>
  endpoint({
    method: 'get',
    area: way.area,
    path: way.path,
    access: way.reads,
    operationId: way.operationIds.show,
    summary: 'Show a team',
    description:
      'Its members, their keys, and what of each budget was spent in the period that runs. `null`: there is none.',
    input: z.object(way.input),
    data: z.object({
      team: teamData.nullable(),
      is_on: z.boolean().meta({ description: 'whether a team can be made or changed' }),
    }),
    refusals: [],
    example: { data: { team: exampleTeam, is_on: true } },
    handle: async (input, context: AreaContexts[In]) => {
      const team = await (await way.of(input, context)).find();
      return { data: { team: team ? presentTeam(team) : null, is_on: context.settings.hasTeams } };
    },
  });

interface Act<In extends Areas> extends Pick<
  Endpoint<unknown, In>,
  'method' | 'summary' | 'description' | 'exactNumbers' | 'bodyOptional'
> {
  readonly act: Acts;
  /** Behind that of the team. */
  readonly path: string;
  readonly input: z.ZodRawShape;
  readonly refusals: readonly RefusalCode[];
  readonly request?: object;
  run(desk: TeamDesk, asked: Asked, timezone: string): Promise<CommandResult<unknown>>;
}

/** Something is changed, and the team as it is then is answered. */
const change = <In extends Areas>(way: TeamWay<In>, act: Act<In>): BoundEndpoint =>
  endpoint({
    ...{ method: act.method, summary: act.summary, description: act.description },
    ...(act.exactNumbers && { exactNumbers: act.exactNumbers }),
    ...(act.bodyOptional && { bodyOptional: true }),
    area: way.area,
    path: `${way.path}${act.path}`,
    access: way.writes,
    // Who gets a key of a team spends its balance; what takes that away asks for nothing.
    freshProof: way.area === 'admin' && act.act !== 'remove',
    operationId: way.operationIds[act.act],
    input: z.object({ ...way.input, ...act.input }),
    data: teamData,
    refusals: ['team_not_found', ...act.refusals],
    failures: way.failures,
    example: { ...(act.request && { request: act.request }), data: exampleTeam },
    handle: async (input, context: AreaContexts[In]): Promise<Answer> => {
      const desk = await way.of(input, context);
      const { timezone } = context.settings;
      const { position, replayed } = accepted(await act.run(desk, input as unknown as Asked, timezone));
      await projected(context, position);
      const team = await desk.find();
      if (!team) throw refused({ code: 'team_not_found' });
      return { data: presentTeam(team), replayed };
    },
  });

const memberEndpoints = <In extends Areas>(way: TeamWay<In>): readonly BoundEndpoint[] => [
  change(way, {
    ...{ act: 'create', method: 'put', path: '' },
    summary: 'Make a team of an account',
    description:
      'Its members spend what the account has, each by keys of their own. Again it is the team that there is. Turned on by TEAMS.',
    input: { name: nameText(1, 100) },
    refusals: ['account_not_found', 'account_erased', 'teams_off'],
    request: { name: 'The lab' },
    run: (desk, { name }) => desk.create(name),
  }),
  change(way, {
    ...{ act: 'add', method: 'put', path: '/members/{member}', bodyOptional: true },
    summary: 'Add a member to a team',
    description:
      'Somebody with an account of their own, which signs in for them and whose money is not touched.',
    input: members,
    refusals: ['account_not_found', 'account_erased', 'team_members_most', 'teams_off'],
    run: (desk, { member }) => desk.add(member),
  }),
  change(way, {
    ...{ act: 'remove', method: 'delete', path: '/members/{member}', bodyOptional: true },
    summary: 'Take a member out of a team',
    description: 'Their keys of the team are refused at once and everywhere, and revoked for good.',
    input: { ...members, reason: text(1, 500).optional() },
    refusals: ['team_member_not_found'],
    request: { reason: 'has left' },
    run: (desk, { member, reason }) => desk.remove(member, reason),
  }),
  change(way, {
    ...{ act: 'assign', method: 'put', path: '/keys/{token_id}' },
    summary: "Make a key a member's",
    description: "A key of the account: from here on its calls count in the member's budget.",
    input: { ...keys, ...members },
    refusals: [
      ...(['account_not_found', 'account_erased', 'token_not_found'] as const),
      ...(['team_member_not_found', 'teams_off'] as const),
    ],
    request: { member: 'user_002' },
    run: (desk, { token_id, member }) => desk.assign(token_id, member),
  }),
];

const budgetEndpoints = <In extends Areas>(way: TeamWay<In>): readonly BoundEndpoint[] => [
  change(way, {
    ...{ act: 'memberBudget', method: 'put', path: '/members/{member}/budget', exactNumbers: ['amount_usd'] },
    summary: 'Set what a member may spend',
    description:
      'In each day, week (from Monday) or month of a zone, by all keys that they have of the team; it counts from here on. A call is of the period in which it began.',
    input: { ...members, ...budgetInput },
    refusals: ['team_member_not_found', 'budget_invalid', 'teams_off'],
    request: budgetRequest,
    run: (desk, asked, timezone) =>
      desk.setBudget({ of: { member: asked.member }, ...termsOf(asked, timezone) }),
  }),
  change(way, {
    ...{ act: 'keyBudget', method: 'put', path: '/keys/{token_id}/budget', exactNumbers: ['amount_usd'] },
    summary: 'Set what a key of a member may spend',
    description: "Beside the member's own budget, and as that.",
    input: { ...keys, ...budgetInput },
    refusals: ['token_not_found', 'token_not_assigned', 'budget_invalid', 'teams_off'],
    request: budgetRequest,
    run: (desk, asked, timezone) =>
      desk.setBudget({ of: { tokenId: asked.token_id }, ...termsOf(asked, timezone) }),
  }),
];

function termsOf({ amount_usd, unlimited = false, period, timezone }: Asked, ofLedger: string) {
  if ((amount_usd === undefined) !== unlimited)
    throw invalidRequest([
      {
        field: 'amount_usd',
        ...(unlimited
          ? complaints.type('与 unlimited 不能同时给出', 'goes without unlimited')
          : complaints.required),
      },
    ]);
  const quota = amount_usd === undefined ? null : quotaOfUsd(amount_usd);
  return { quota, period, timezone: timezone ?? ofLedger };
}
