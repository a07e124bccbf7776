import type { AccountView } from '../../../../projections/account/view.js';
import type { CatalogueView } from '../../../../projections/catalogue/view.js';
import type { TokenView } from '../../../../projections/token/view.js';
import type { ModelUsage } from '../../../../projections/statistics/query.js';
import type { LogRow } from '../../../../projections/usage/log-row.js';
import { usd } from '../../../present.js';
import { presentLogRow } from '../logs/row.js';
import { presentToken } from '../token/present.js';
import { presentCapacity } from './capacity.js';

export interface StatsView {
  readonly account: AccountView;
  readonly catalogue: CatalogueView;
  readonly tokens: readonly TokenView[];
  readonly recent: readonly LogRow[];
  readonly usage: readonly ModelUsage[];
}

export function presentStats(
  { account, catalogue, tokens, recent, usage }: StatsView,
  timezone: string,
  now: Date,
) {
  return {
    user_info: {
      external_user_id: account.externalUserId,
      username: account.username,
      display_name: account.personal?.display_name ?? '',
      current_quota: account.balance,
      current_balance: usd(account.balance),
      used_quota: account.usedQuota,
      total_requests: account.totalRequests,
      balance_capacity: presentCapacity(catalogue, account.group, account.balance),
    },
    tokens: tokens.map((token) => presentToken(token, account, now)),
    recent_logs: recent.map((row) => presentLogRow(row, timezone)),
    model_usage: new Map(usage.map((used) => [used.model, presentUsage(used)])),
  };
}

function presentUsage(used: ModelUsage) {
  return {
    requests: used.requests,
    prompt_tokens: used.promptTokens,
    completion_tokens: used.completionTokens,
    quota: used.quota,
    spend: usd(used.quota),
  };
}
