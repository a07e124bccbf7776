import type { SyncAccount } from '../../../../commands/account/commands.js';
import { accepted, endpoint } from '../../../endpoint.js';
import { presentSync, syncTexts } from './present.js';
import { syncData, syncInput, type SyncInput } from './schema.js';

/** A sync as the ledger knows it: what is absent stays absent. */
export function commandOf(input: SyncInput): SyncAccount {
  const { external_user_id: externalUserId, login_type: loginType, ...others } = input;
  const { aff_code: affCode, inviter_aff_code: inviterAffCode, ...rest } = others;
  return { externalUserId, loginType, affCode, inviterAffCode, ...rest };
}

export const syncEndpoint = endpoint({
  method: 'post',
  path: '/sync',
  access: 'users',
  operationId: 'syncUser',
  summary: 'Create or update a user',
  description:
    'Creates the user at the first call, updates it afterwards. Absent fields keep their value, empty ones are cleared. Never touches money.',
  input: syncInput,
  data: syncData,
  messages: Object.values(syncTexts),
  refusals: [
    'username_taken',
    'email_taken',
    'aff_code_taken',
    'account_erased',
    'idempotency_conflict',
    'inviter_not_found',
    'referral_own',
  ],
  example: {
    request: {
      external_user_id: 'test_user_001',
      username: 'testuser',
      display_name: '测试用户',
      login_type: 'email',
    },
    data: { user_id: 1, external_user_id: 'test_user_001', is_new_user: true },
  },
  handle: async (input, context) => {
    const result = accepted(await context.commands.syncAccount(commandOf(input), context.meta));
    // The answer needs no read model, so a slow projection delays it but does not make it fail.
    await context.readModels.waitFor(result.position, context.settings.projectionWaitMs);
    return {
      message: result.value.isNew ? syncTexts.created : syncTexts.updated,
      data: presentSync(input.external_user_id, result.value),
      replayed: result.replayed,
    };
  },
});
