import { accepted, endpoint, existingAccount, projected } from '../../../endpoint.js';
import { refused } from '../../../refusals.js';
import { DEFAULT_EXPIRY_DAYS } from './issue.js';
import { presentToken, tokenTexts } from './present.js';
import { changeInput, tokenData } from './schema.js';

export const changeEndpoint = endpoint({
  method: 'patch',
  path: '/token',
  access: 'tokens',
  operationId: 'changeToken',
  summary: 'Change an access key',
  description:
    'Absent fields keep their value; an empty list or text takes a limit away. In effect on every node before the answer is sent.',
  input: changeInput,
  data: tokenData,
  messages: [tokenTexts.changed],
  refusals: ['account_not_found', 'token_not_found', 'group_not_found', 'idempotency_conflict'],
  example: {
    request: { external_user_id: 'test_user_001', token_id: 1, status: 2 },
    data: {
      id: 1,
      name: 'My API Token',
      key: 'sk-3f8a...9c1d',
      status: 2,
      expired_time: 1767195600,
      remain_quota: 34245000,
      used_quota: 0,
      quota_limit: null,
      models: [],
      allow_ips: [],
      group: null,
    },
  },
  handle: async (input, context) => {
    const { quota_limit: quotaLimit, expires_in_days: days } = input;
    const result = accepted(
      await context.commands.changeToken(
        {
          externalUserId: input.external_user_id,
          tokenId: input.token_id,
          tokenName: input.token_name,
          enabled: input.status === undefined ? undefined : input.status === 1,
          expiresInDays: days === undefined ? undefined : days || DEFAULT_EXPIRY_DAYS,
          quotaLimit: quotaLimit === undefined ? undefined : quotaLimit === '' ? null : BigInt(quotaLimit),
          models: input.models,
          allowIps: input.allow_ips,
          group: input.group === undefined ? undefined : input.group || null,
        },
        context.meta,
      ),
    );
    await projected(context, result.position);
    const owner = await existingAccount(context, input.external_user_id);
    const token = (await context.readModels.tokens(owner.accountId)).find(
      ({ tokenId }) => tokenId === input.token_id,
    );
    // A replay of a change whose token was deleted since.
    if (!token) throw refused({ code: 'token_not_found' });
    return {
      message: tokenTexts.changed,
      data: presentToken(token, owner, context.now),
      replayed: result.replayed,
    };
  },
});
