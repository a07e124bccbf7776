import { z } from 'zod';
import type { ReferralView } from '../../../../projections/referral/query.js';
import { cursorData, cursorInput, cursorPage } from '../../../cursor.js';
import { accepted, type BoundEndpoint, endpoint, projected } from '../../../endpoint.js';
import { externalUserIdField } from '../../../fields.js';
import { refused } from '../../../refusals.js';
import { exampleReferral, presentReferral, referralData } from '../../referrals/schema.js';

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/referrals',
  access: 'payments:read',
  operationId: 'adminListReferrals',
  summary: 'List who was invited by whom',
  description: 'With what the orders of whoever was invited brought, the newest first.',
  input: z.object({
    external_user_id: externalUserIdField
      .meta({ description: 'who was invited, or invited somebody' })
      .optional(),
    ...cursorInput,
  }),
  data: z.object({ referrals: z.array(referralData), ...cursorData }),
  refusals: [],
  example: { data: { referrals: [exampleReferral], next_cursor: null, total: 1, total_capped: false } },
  handle: async (input, { readModels, now }) => {
    const asked = { filter: { externalUserId: input.external_user_id }, now };
    const { rows, page } = await cursorPage(
      input,
      ({ position }: ReferralView) => position,
      (some) => readModels.referrals(asked, some),
      (most) => readModels.countReferrals(asked, most),
    );
    return { data: { referrals: rows.map(presentReferral), ...page } };
  },
});

const bind = endpoint({
  method: 'post',
  area: 'admin',
  path: '/referrals',
  access: 'payments:write',
  freshProof: true,
  operationId: 'adminBindReferral',
  summary: 'Say by whom a user was invited',
  description:
    'Once a user, and for ever: what a front end forgot to say. Orders that are credited from here on count. Turned on by REFERRALS.',
  input: z.object({
    external_user_id: externalUserIdField,
    inviter_external_user_id: externalUserIdField,
  }),
  data: referralData,
  refusals: [
    'account_not_found',
    'account_erased',
    'inviter_not_found',
    'referral_own',
    'referral_bound',
    'referrals_off',
  ],
  example: {
    request: { external_user_id: 'user_002', inviter_external_user_id: 'user_001' },
    data: exampleReferral,
  },
  handle: async (input, context) => {
    const { external_user_id: externalUserId, inviter_external_user_id: inviterExternalUserId } = input;
    const { commands, meta, now, readModels } = context;
    const bound = accepted(await commands.bindReferral({ externalUserId, inviterExternalUserId }, meta));
    await projected(context, bound.position);
    const found = await readModels.referrals({ filter: { externalUserId }, now }, { limit: 1_000 });
    const referral = found.find((each) => each.externalUserId === externalUserId);
    if (!referral) throw refused({ code: 'referral_not_found' });
    return { data: presentReferral(referral), replayed: bound.replayed };
  },
});

export const referralEndpoints: readonly BoundEndpoint[] = [list, bind];
