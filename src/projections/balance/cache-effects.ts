import type { LedgerEvent, LedgerEventOf } from '../runtime/projection.js';
import { periodAt } from '../../domain/team/period.js';
import type { BudgetKey, Guard } from '../../balance/cached-balance.js';

/** What a batch changes in the cached balance. */
export interface CacheEffects {
  /** Budgets whose balance the batch may have moved. */
  readonly budgets: readonly BudgetKey[];
  readonly resolvedHolds: readonly string[];
  readonly guards: readonly Guard[];
}

/** A budget that is set is told for the periods around, whichever of them is cached: those that calls under way began in, and what is next. */
const AROUND_MS = [-86_400_000, 0, 86_400_000];

/** Collects what events of one batch do to the cache. A hold is resolved by the event that names it; a failed call's hold too, at no charge. */
export function cacheEffects(events: readonly LedgerEvent[], now: Date): CacheEffects {
  const budgets = new Set<BudgetKey>();
  const resolvedHolds: string[] = [];
  const revisions = new Map<BudgetKey, bigint>();
  for (const event of events) {
    for (const budget of budgetsOf(event, now)) budgets.add(budget);
    const hold = resolvedHoldOf(event);
    if (hold !== undefined) resolvedHolds.push(hold);
    const guarded = guardedBy(event);
    if (guarded) revisions.set(guarded, event.revision);
  }
  const guards = [...revisions].map(([key, revision]) => ({ key, revision }));
  return { budgets: [...budgets], resolvedHolds, guards };
}

function budgetsOf(event: LedgerEvent, now: Date): readonly BudgetKey[] {
  switch (event.type) {
    case 'payment-credited':
    case 'payment-refunded':
    case 'payment-refund-reversed':
    case 'payment-taken-back':
    case 'balance-adjusted':
    case 'grant-given':
    case 'grant-expired':
    case 'grant-withdrawn':
      return [`account:${event.data.account_id}`];
    case 'consumption-recorded':
    case 'consumption-corrected':
    case 'call-abandoned':
      return [`account:${event.data.account_id}`, `token:${event.data.token_id}`];
    case 'budget-set':
      return [event.recordedAt, now].flatMap((at) =>
        AROUND_MS.map((around) => budgetKey(event.data, at.getTime() + around)),
      );
    case 'token-limits-changed':
      return [`token:${event.data.token_id}`];
    default:
      return [];
  }
}

const budgetKey = ({ budget_id, ...calendar }: LedgerEventOf<'budget-set'>['data'], ms: number): BudgetKey =>
  `budget:${budget_id}:${periodAt(calendar, ms).name}`;

function resolvedHoldOf(event: LedgerEvent): string | undefined {
  switch (event.type) {
    case 'consumption-recorded':
    case 'call-abandoned':
    case 'call-failed':
      return event.data.call_id;
    case 'payment-refunded':
      return event.data.hold_id;
    case 'balance-adjusted':
    case 'grant-expired':
    case 'grant-withdrawn':
      return event.data.hold_id ?? undefined;
    default:
      return undefined;
  }
}

/** The token, account or team whose own stream the event is in. */
function guardedBy(event: LedgerEvent): BudgetKey | undefined {
  switch (event.type) {
    case 'token-issued':
    case 'token-renamed':
    case 'token-limits-changed':
    case 'token-disabled':
    case 'token-enabled':
    case 'token-rotated':
    case 'token-revoked':
    case 'token-assigned':
      return `token:${event.data.token_id}`;
    case 'account-registered':
    case 'account-profile-updated':
    case 'account-suspended':
    case 'account-reinstated':
    case 'account-group-changed':
    case 'account-erased':
      return `account:${event.data.account_id}`;
    case 'team-created':
    case 'team-member-added':
    case 'team-member-removed':
    case 'budget-set':
      return `team:${event.data.team_id}`;
    default:
      return undefined;
  }
}
