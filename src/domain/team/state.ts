import type { DataIn, EventIn } from '../stored/event-in.js';
import type { teamEvents } from './events.js';

export type TeamEvent = EventIn<typeof teamEvents>;
export type BudgetSet = DataIn<typeof teamEvents, 'budget-set'>;

export interface Team {
  readonly teamId: string;
  readonly name: string;
  readonly members: ReadonlySet<string>;
  /** Who were members and are not any more. */
  readonly former: ReadonlySet<string>;
  /** By their ids, as they were set last. */
  readonly budgets: ReadonlyMap<string, BudgetSet>;
}

/** Undefined before it is created. */
export type TeamState = Team | undefined;

export function evolveTeam(state: TeamState, event: TeamEvent): TeamState {
  if (event.type === 'team-created') {
    const { team_id: teamId, team_name: name } = event.data;
    return { teamId, name, members: new Set(), former: new Set(), budgets: new Map() };
  }
  if (!state) throw new Error(`${event.type} comes before the team was created`);
  switch (event.type) {
    case 'team-member-added':
      return {
        ...state,
        members: new Set([...state.members, event.data.member_id]),
        former: without(state.former, event.data.member_id),
      };
    case 'team-member-removed':
      return {
        ...state,
        members: without(state.members, event.data.member_id),
        former: new Set([...state.former, event.data.member_id]),
      };
    case 'budget-set':
      return { ...state, budgets: new Map([...state.budgets, [event.data.budget_id, event.data]]) };
  }
}

const without = (set: ReadonlySet<string>, one: string): ReadonlySet<string> =>
  new Set([...set].filter((each) => each !== one));
