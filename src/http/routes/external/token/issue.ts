import { accepted, endpoint, existingAccount } from '../../../endpoint.js';
import { presentIssued, remainingQuota, tokenTexts } from './present.js';
import { issuedData, issueInput } from './schema.js';

export const DEFAULT_EXPIRY_DAYS = 365;

export const issueEndpoint = endpoint({
  method: 'post',
  path: '/token',
  access: 'tokens',
  operationId: 'createToken',
  summary: 'Create an access key',
  description:
    "The key is shown in this answer and never again. Without quota_limit it spends the user's live balance, which remain_quota echoes.",
  input: issueInput,
  data: issuedData,
  messages: [tokenTexts.created],
  refusals: [
    'account_not_found',
    'group_not_found',
    'account_suspended',
    'account_erased',
    'idempotency_conflict',
  ],
  example: {
    request: { external_user_id: 'test_user_001', token_name: 'My API Token', expires_in_days: 30 },
    data: {
      token_id: 1,
      access_key: 'sk-3f8a…the whole key, this once',
      key: 'sk-3f8a...9c1d',
      token_name: 'My API Token',
      expires_at: 1767195600,
      remain_quota: 34245000,
    },
  },
  handle: async (input, context) => {
    const result = accepted(
      await context.commands.issueToken(
        {
          externalUserId: input.external_user_id,
          tokenName: input.token_name,
          expiresInDays: input.expires_in_days || DEFAULT_EXPIRY_DAYS,
          quotaLimit: input.quota_limit === undefined ? null : BigInt(input.quota_limit),
          models: input.models ?? [],
          allowIps: input.allow_ips ?? [],
          group: input.group || null,
        },
        context.meta,
      ),
    );
    // A slow projection must not cost the caller the key: it is durable, and nobody could show it again.
    await context.readModels.waitFor(result.position, context.settings.projectionWaitMs);
    const owner = await existingAccount(context, input.external_user_id);
    return {
      message: tokenTexts.created,
      data: presentIssued(result.value, remainingQuota(result.value.quotaLimit, 0n, owner)),
      replayed: result.replayed,
    };
  },
});
