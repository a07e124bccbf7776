import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { CREDIT_CEILING } from '../money/quota.js';
import type { DataIn } from '../stored/event-in.js';
import { teamEvents } from './events.js';
import { isTimezone } from './period.js';
import { type BudgetSet, evolveTeam, type Team, type TeamEvent, type TeamState } from './state.js';

/** Of one team; its stream is read whole by each command. */
export const MOST_MEMBERS = 1_000;

interface OfMember {
  readonly memberId: string;
  readonly by: string;
}

export type TeamCommand =
  | { readonly type: 'create'; readonly team: DataIn<typeof teamEvents, 'team-created'> }
  | (OfMember & { readonly type: 'add'; readonly userId: number })
  | (OfMember & { readonly type: 'remove'; readonly reason?: string | undefined })
  | { readonly type: 'set-budget'; readonly budget: BudgetSet };

function decide(command: TeamCommand, state: TeamState): Decision<TeamEvent> {
  if (command.type === 'create')
    return state ? replay() : accept({ type: 'team-created', data: command.team });
  if (!state) return refuse({ code: 'team_not_found' });
  switch (command.type) {
    case 'add':
      return add(command, state);
    case 'remove':
      return remove(command, state);
    case 'set-budget':
      return setBudget(command.budget, state);
  }
}

function add(
  { memberId: member_id, userId: user_id, by }: Extract<TeamCommand, { type: 'add' }>,
  { teamId: team_id, members }: Team,
): Decision<TeamEvent> {
  if (members.has(member_id)) return replay();
  if (members.size >= MOST_MEMBERS) return refuse({ code: 'team_members_most', max: MOST_MEMBERS });
  return accept({ type: 'team-member-added', data: { team_id, member_id, user_id, by } });
}

function remove(
  { memberId: member_id, reason, by }: Extract<TeamCommand, { type: 'remove' }>,
  { teamId: team_id, members, former }: Team,
): Decision<TeamEvent> {
  if (former.has(member_id)) return replay();
  if (!members.has(member_id)) return refuse({ code: 'team_member_not_found' });
  const because = reason === undefined ? {} : { reason };
  return accept({ type: 'team-member-removed', data: { team_id, member_id, ...because, by } });
}

/** The same terms again are the budget that there is; one that does not limit is none. */
function setBudget(budget: BudgetSet, { budgets, members }: Team): Decision<TeamEvent> {
  const detail = faultOf(budget);
  if (detail !== undefined) return refuse({ code: 'budget_invalid', detail });
  const { scope } = budget;
  if (scope.kind === 'member' && !members.has(scope.member_id))
    return refuse({ code: 'team_member_not_found' });
  const before = budgets.get(budget.budget_id);
  const isSame =
    budget.quota === (before?.quota ?? null) &&
    (budget.quota === null || (budget.period === before?.period && budget.timezone === before.timezone));
  return isSame ? replay() : accept({ type: 'budget-set', data: budget });
}

function faultOf({ quota, timezone }: BudgetSet): string | undefined {
  if (quota !== null && quota < 0n) return 'quota: must not be below nothing';
  if (quota !== null && quota > CREDIT_CEILING) return `quota: at most ${CREDIT_CEILING}`;
  return isTimezone(timezone) ? undefined : 'timezone: must be one of the IANA names, such as Asia/Shanghai';
}

export const teamDecider: Decider<TeamState, TeamCommand, TeamEvent> = {
  initialState: () => undefined,
  evolve: evolveTeam,
  decide,
  events: teamEvents,
};
