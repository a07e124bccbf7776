import { accepted, endpoint, existingAccount, projected } from '../../../endpoint.js';
import { presentIssued, remainingQuota, tokenTexts } from './present.js';
import { issuedData, referenceInput } from './schema.js';

export const resetEndpoint = endpoint({
  method: 'post',
  path: '/token/reset',
  access: 'tokens',
  operationId: 'resetToken',
  summary: 'Give a token a new key',
  description: 'Same token, new key. The old key is dead on every node before the answer is sent.',
  input: referenceInput,
  data: issuedData,
  messages: [tokenTexts.reset],
  refusals: ['account_not_found', 'token_not_found', 'idempotency_conflict'],
  example: {
    request: { external_user_id: 'test_user_001', token_id: 1 },
    data: {
      token_id: 1,
      access_key: 'sk-77b0…the whole key, this once',
      key: 'sk-77b0...02fe',
      token_name: 'My API Token',
      expires_at: 1767195600,
      remain_quota: 34245000,
    },
  },
  handle: async (input, context) => {
    const reference = { externalUserId: input.external_user_id, tokenId: input.token_id };
    const result = accepted(await context.commands.resetToken(reference, context.meta));
    await projected(context, result.position);
    const owner = await existingAccount(context, input.external_user_id);
    const token = (await context.readModels.tokens(owner.accountId)).find(
      ({ tokenId }) => tokenId === input.token_id,
    );
    const remain = remainingQuota(result.value.quotaLimit, token?.usedQuota ?? 0n, owner);
    return {
      message: tokenTexts.reset,
      data: presentIssued(result.value, remain),
      replayed: result.replayed,
    };
  },
});
