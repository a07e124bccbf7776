import { accepted, endpoint, projected } from '../../../endpoint.js';
import { tokenTexts } from './present.js';
import { referenceData, referenceInput } from './schema.js';

export const revokeEndpoint = endpoint({
  method: 'delete',
  path: '/token',
  access: 'tokens',
  operationId: 'deleteToken',
  summary: 'Delete an access key',
  description: 'The key is dead on every node before the answer is sent.',
  input: referenceInput,
  data: referenceData,
  messages: [tokenTexts.deleted],
  refusals: ['account_not_found', 'token_not_found', 'idempotency_conflict'],
  example: {
    request: { external_user_id: 'test_user_001', token_id: 1 },
    data: { token_id: 1, external_user_id: 'test_user_001' },
  },
  handle: async (input, context) => {
    const reference = { externalUserId: input.external_user_id, tokenId: input.token_id };
    const result = accepted(await context.commands.revokeToken(reference, context.meta));
    await projected(context, result.position);
    return {
      message: tokenTexts.deleted,
      data: { token_id: input.token_id, external_user_id: input.external_user_id },
      replayed: result.replayed,
    };
  },
});
