import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import type { Fields } from '../check.js';
import { periodName } from './period-name.js';

type Charge = Extract<
  LedgerEvent,
  { type: 'consumption-recorded' | 'consumption-corrected' | 'call-abandoned' }
>;
type BudgetSet = Extract<LedgerEvent, { type: 'budget-set' }>;

/** Teams, whose each key is, and what of each budget was spent in each period, as the tables must show them. */
export class Teams {
  readonly teams = new Map<string, Fields>();
  readonly members = new Map<string, Fields>();
  readonly keys = new Map<string, Fields>();
  readonly budgets = new Map<string, Fields>();
  readonly usage = new Map<string, { used: bigint; position: bigint }>();
  private readonly set = new Map<string, BudgetSet['data']>();
  /** The budgets by what they are of, `key 7` or a team and a member. */
  private readonly ofScope = new Map<string, string>();

  get usageRows(): ReadonlyMap<string, Fields> {
    return new Map([...this.usage].map(([key, { used, position }]) => [key, { used_quota: used, position }]));
  }

  /** Of a budget that limits: what is left of it in each period in which something was spent. */
  *left(): Generator<{ readonly budgetId: string; readonly period: string; readonly left: bigint }> {
    for (const [place, { used }] of this.usage) {
      const [budgetId = '', period = ''] = place.split(' ');
      const quota = this.set.get(budgetId)?.quota ?? null;
      if (quota !== null) yield { budgetId, period, left: quota - used };
    }
  }

  apply(event: LedgerEvent): void {
    switch (event.type) {
      case 'team-created':
        this.teams.set(event.data.team_id, {
          user_id: event.data.user_id,
          team_name: storableText(event.data.team_name),
          created_at: event.recordedAt.toISOString(),
          ...{ revision: event.revision, position: event.position },
        });
        return;
      case 'team-member-added':
      case 'team-member-removed':
        this.follow(event);
        return this.changeMember(event);
      case 'token-assigned':
        this.keys.set(String(event.data.token_id), {
          team_id: event.data.account_id,
          member_id: event.data.member_id,
          position: event.position,
        });
        return;
      case 'budget-set':
        this.follow(event);
        return this.setBudget(event);
      case 'consumption-recorded':
      case 'call-abandoned':
        return this.spend(event, event.data.quota, new Date(event.data.started_at));
      case 'consumption-corrected':
        return this.spend(event, event.data.quota - event.data.quota_before, event.recordedAt);
      default:
    }
  }

  private follow({ data: { team_id }, revision }: LedgerEvent & { data: { team_id: string } }): void {
    this.teams.set(team_id, { ...this.teams.get(team_id), revision });
  }

  private changeMember(
    event: Extract<LedgerEvent, { type: 'team-member-added' | 'team-member-removed' }>,
  ): void {
    const key = `${event.data.team_id} ${event.data.member_id}`;
    const at = event.recordedAt.toISOString();
    this.members.set(
      key,
      event.type === 'team-member-added'
        ? { user_id: event.data.user_id, added_at: at, removed_at: null, position: event.position }
        : { ...this.members.get(key), removed_at: at },
    );
  }

  private setBudget({ data, recordedAt, position }: BudgetSet): void {
    const { scope, quota, period } = data;
    this.set.set(data.budget_id, data);
    const named = scope.kind === 'key' ? `key ${scope.token_id}` : `${data.team_id} ${scope.member_id}`;
    this.ofScope.set(named, data.budget_id);
    this.budgets.set(data.budget_id, {
      team_id: data.team_id,
      member_id: scope.kind === 'member' ? scope.member_id : null,
      token_id: scope.kind === 'key' ? scope.token_id : null,
      ...{ quota, period, timezone: storableText(data.timezone) },
      set_by: storableText(data.by),
      set_at: recordedAt.toISOString(),
      position,
    });
  }

  private spend({ data: { token_id }, position }: Charge, quota: bigint, at: Date): void {
    const key = this.keys.get(String(token_id));
    if (!key) return;
    for (const named of [`${String(key['team_id'])} ${String(key['member_id'])}`, `key ${token_id}`]) {
      const budgetId = this.ofScope.get(named) ?? '';
      const budget = this.set.get(budgetId);
      if (!budget || budget.quota === null) continue;
      const place = `${budgetId} ${periodName(budget.period, budget.timezone, at)}`;
      this.usage.set(place, { used: (this.usage.get(place)?.used ?? 0n) + quota, position });
    }
  }
}
