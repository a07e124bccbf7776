import type { LogFilter } from '../../../../projections/usage/filter.js';
import { endpoint, existingAccount } from '../../../endpoint.js';
import { caughtUp, positionNotReached } from '../../../freshness.js';
import { endOfDay, startOfDay } from '../../../ledger-days.js';
import { presentLogs } from './present.js';
import { exampleLogRow } from './row.js';
import { logsData, logsInput, type LogsInput } from './schema.js';

export const logsEndpoint = endpoint({
  method: 'get',
  path: '/{external_user_id}/logs',
  access: 'read',
  operationId: 'listLogs',
  summary: "Page through a user's history",
  description:
    'Calls, failed calls, top-ups, grants, refunds and adjustments, newest first. `summary` covers the page, `range_summary` the whole filter.',
  input: logsInput,
  data: logsData,
  refusals: ['account_not_found'],
  failures: [positionNotReached],
  example: {
    data: {
      logs: [exampleLogRow],
      pagination: { page: 1, page_size: 20, total: 1, total_page: 1 },
      summary: { total_tokens: 80, total_spend: 0.002 },
      range_summary: { total_tokens: 80, total_spend: 0.002, total_topup: 0, rows: 1 },
    },
  },
  handle: async (input, context) => {
    await caughtUp(context, { externalUserId: input.external_user_id, min: input.min_position });
    const { timezone } = context.settings;
    const account = await existingAccount(context, input.external_user_id);
    const page = { page: input.page, pageSize: input.page_size };
    const view = await context.readModels.logs(account.accountId, filterOf(input, timezone), {
      offset: (page.page - 1) * page.pageSize,
      limit: page.pageSize,
    });
    return { data: presentLogs(view, page, timezone) };
  },
});

function filterOf(input: LogsInput, timezone: string): LogFilter {
  return {
    from: startOfDay(input.start_date, timezone),
    until: endOfDay(input.end_date, timezone),
    username: input.username,
    modelContains: input.model_name,
    type: input.type,
    tokenId: input.token_id,
  };
}
