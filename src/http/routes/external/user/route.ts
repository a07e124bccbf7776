import { endpoint, existingAccount } from '../../../endpoint.js';
import { caughtUp, positionNotReached } from '../../../freshness.js';
import { presentUser } from './present.js';
import { userData, userInput } from './schema.js';

export const userEndpoint = endpoint({
  method: 'get',
  path: '/{external_user_id}',
  access: 'read',
  operationId: 'getUser',
  summary: 'Show a user',
  description: 'Identity, group and money of one user.',
  input: userInput,
  data: userData,
  refusals: ['account_not_found'],
  failures: [positionNotReached],
  example: {
    data: {
      user_id: 1,
      external_user_id: 'test_user_001',
      username: 'testuser',
      display_name: '测试用户',
      email: 'test_user_001@external.local',
      phone: '',
      login_type: 'email',
      group: 'default',
      aff_code: '',
      status: 1,
      current_quota: 15000000,
      current_balance: 30,
      used_quota: 0,
      total_requests: 0,
      created_at: 1735689600,
    },
  },
  handle: async (input, context) => {
    await caughtUp(context, { externalUserId: input.external_user_id, min: input.min_position });
    return { data: presentUser(await existingAccount(context, input.external_user_id)) };
  },
});
