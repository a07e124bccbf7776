import { z } from 'zod';
import { emailField, nameText, newExternalUserIdField, textOfBytes } from '../../../fields.js';

const KIBIBYTE = 1024;

/** An absent field keeps its value on update, an empty one clears it. */
export const syncInput = z.object({
  external_user_id: newExternalUserIdField,
  username: nameText(1, 50).meta({ minLength: 1, maxLength: 50, description: 'unique among all users' }),
  display_name: nameText(0, 100).exactOptional(),
  email: emailField.exactOptional(),
  phone: nameText(0, 20).exactOptional(),
  wechat_openid: nameText(0, 100).exactOptional(),
  wechat_unionid: nameText(0, 100).exactOptional(),
  alipay_userid: nameText(0, 100).exactOptional(),
  login_type: z.enum(['email', 'wechat', 'alipay', 'sms']).optional(),
  aff_code: nameText(0, 32)
    .meta({ maxLength: 32, description: "the user's own referral code, unique when present" })
    .optional(),
  inviter_aff_code: nameText(0, 32)
    .meta({
      maxLength: 32,
      description:
        'the referral code of whoever invited the user; of one who was invited already it is left alone. Turned on by REFERRALS, and left alone without it',
    })
    .optional(),
  external_data: textOfBytes(64 * KIBIBYTE).exactOptional(),
});

export type SyncInput = z.output<typeof syncInput>;

export const syncData = z
  .object({
    user_id: z.int(),
    external_user_id: z.string(),
    is_new_user: z.boolean(),
  })
  .meta({ id: 'SyncedUser' });
