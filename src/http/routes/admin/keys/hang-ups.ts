import { z } from 'zod';
import { endpoint } from '../../../endpoint.js';
import { externalUserIdField } from '../../../fields.js';
import { whole } from '../paging.js';

const DEFAULT_DAYS = 7;
const MAX_DAYS = 90;
const MOST = 200;

const row = z.object({
  token_id: z.int(),
  name: z.string(),
  key: z.string().meta({ description: 'masked' }),
  user_id: z.int(),
  external_user_id: z.string(),
  username: z.string(),
  hung_up: z.int().meta({ description: 'calls that their client did not wait for, charged or not' }),
  requests: z.int().meta({ description: 'calls that were charged, hung up on or not' }),
});

export const hangUps = endpoint({
  method: 'get',
  area: 'admin',
  path: '/keys/hang-ups',
  access: 'keys:read',
  operationId: 'adminListHangUps',
  summary: 'Keys whose calls are hung up on',
  description: `Of the last days, the most first, ${MOST} at most. What such a call costs is \`ABORT_CHARGE\`; how many a key or a user may have in a minute, \`KEY_ABORTS_PER_MINUTE\` and \`USER_ABORTS_PER_MINUTE\`.`,
  input: z.object({
    days: whole(1, MAX_DAYS).default(DEFAULT_DAYS).meta({
      type: 'integer',
      minimum: 1,
      maximum: MAX_DAYS,
      default: DEFAULT_DAYS,
      description: 'today and the days before it, in the time zone of the ledger',
    }),
    external_user_id: externalUserIdField.optional(),
  }),
  data: z.object({ hang_ups: z.array(row) }),
  refusals: [],
  example: {
    data: {
      hang_ups: [
        {
          token_id: 1,
          name: 'My API Token',
          key: 'sk-xxxx...xxxx',
          user_id: 1,
          external_user_id: 'user_001',
          username: 'testuser',
          hung_up: 120,
          requests: 150,
        },
      ],
    },
  },
  handle: async ({ days, external_user_id }, { admin }) => {
    const rows = await admin.reads.hangUps({ days, externalUserId: external_user_id, limit: MOST });
    return {
      data: {
        hang_ups: rows.map((one) => ({
          token_id: one.tokenId,
          name: one.tokenName,
          key: one.keyMask,
          user_id: one.userId,
          external_user_id: one.externalUserId,
          username: one.username,
          hung_up: one.hungUp,
          requests: one.requests,
        })),
      },
    };
  },
});
