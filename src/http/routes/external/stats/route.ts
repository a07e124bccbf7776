import { endpoint, existingAccount } from '../../../endpoint.js';
import { caughtUp, positionNotReached } from '../../../freshness.js';
import { presentStats } from './present.js';
import { statsData, statsInput } from './schema.js';

const RECENT_LOGS = 10;

export const statsEndpoint = endpoint({
  method: 'get',
  path: '/{external_user_id}/stats',
  access: 'read',
  operationId: 'getStats',
  summary: "Show a user's balance, what it buys, keys and usage",
  description:
    "`balance_capacity` lists the models of enabled channels that the user's group may use and that have a price, test models first, then by name.",
  input: statsInput,
  data: statsData,
  refusals: ['account_not_found'],
  failures: [positionNotReached],
  example: {
    data: {
      user_info: {
        external_user_id: 'test_user_001',
        username: 'testuser',
        display_name: '测试用户',
        current_quota: 15000000,
        current_balance: 30,
        used_quota: 0,
        total_requests: 0,
        balance_capacity: {
          'deepseek-chat': {
            input_tokens_1k: 111111,
            model_ratio: 0.135,
            completion_ratio: 4,
            group_ratio: 1,
            base_price_usd: 0.00027,
            quota_per_1k_input: 135,
            pricing_note: '输入：135 quota/1K tokens，输出：540 quota/1K tokens',
            is_default_model: true,
          },
        },
      },
      tokens: [],
      recent_logs: [],
      model_usage: {},
    },
  },
  handle: async (input, context) => {
    await caughtUp(context, { externalUserId: input.external_user_id, min: input.min_position });
    const { readModels, settings, now } = context;
    const account = await existingAccount(context, input.external_user_id);
    const [catalogue, tokens, recent, usage] = await Promise.all([
      readModels.catalogue(),
      readModels.tokens(account.accountId),
      readModels.recentLogs(account.accountId, RECENT_LOGS),
      readModels.modelUsage(account.accountId),
    ]);
    const view = { account, catalogue, tokens, recent, usage };
    return { data: presentStats(view, settings.timezone, now) };
  },
});
