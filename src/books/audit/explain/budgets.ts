import { teamStream, tokenStream } from '../../../domain/streams.js';
import { type BudgetPeriod, periodAt } from '../../../domain/team/period.js';
import type { BudgetScope } from '../../../domain/team/events.js';
import type { EventStore } from '../../../eventstore/event-store.js';
import { eventsOf } from './event.js';

/** What a member of a team, or a key of it, might spend in the period in which a call began. */
export interface CallBudget {
  readonly budget_id: string;
  /** Whose calls it is of: all keys of the member, or the key. */
  readonly of: 'member' | 'key';
  /** In the whole period. */
  readonly quota: bigint;
  readonly period: BudgetPeriod;
  /** `20261130`, `2026W49` or `202611`. */
  readonly period_name: string;
  /** In which days begin. */
  readonly timezone: string;
}

interface Asked {
  readonly token_id: number;
  readonly started_at: string;
  /** Where in the log the call has its first event. */
  readonly position: bigint;
}

/**
 * Beside account and key, what a call was held against: the budgets that were set when it came into the log, in which it counts. Of a key that is
 * nobody's in a team there are none.
 */
export async function budgetsOf(
  store: EventStore,
  { token_id, started_at, position }: Asked,
): Promise<readonly CallBudget[]> {
  const assigned = (await eventsOf(store, tokenStream(token_id), position, 'token-assigned')).at(-1);
  if (!assigned) return [];
  const { account_id: teamId, member_id } = assigned.data;
  const isOfCall = (scope: BudgetScope): boolean =>
    scope.kind === 'member' ? scope.member_id === member_id : scope.token_id === token_id;
  const set = (await eventsOf(store, teamStream(teamId), position, 'budget-set')).filter(({ data }) =>
    isOfCall(data.scope),
  );
  return (['member', 'key'] as const).flatMap((of) => {
    const data = set.findLast(({ data: { scope } }) => scope.kind === of)?.data;
    if (!data || data.quota === null) return [];
    const { budget_id, quota, period, timezone } = data;
    const { name: period_name } = periodAt(data, Date.parse(started_at));
    return [{ budget_id, of, quota, period, period_name, timezone }];
  });
}
