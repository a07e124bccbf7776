import { z } from 'zod';
import { emailField, externalUserIdField, text, textOfBytes } from '../../../fields.js';

const KIBIBYTE = 1024;

/** An absent field keeps its value on update, an empty one clears it. */
export const syncInput = z.object({
  external_user_id: externalUserIdField,
  username: text(1, 50).meta({ minLength: 1, maxLength: 50, description: 'unique among all users' }),
  display_name: text(0, 100).exactOptional(),
  email: emailField.exactOptional(),
  phone: text(0, 20).exactOptional(),
  wechat_openid: text(0, 100).exactOptional(),
  wechat_unionid: text(0, 100).exactOptional(),
  alipay_userid: text(0, 100).exactOptional(),
  login_type: z.enum(['email', 'wechat', 'alipay', 'sms']).optional(),
  aff_code: text(0, 32)
    .meta({ maxLength: 32, description: "the user's own referral code, unique when present" })
    .optional(),
  external_data: textOfBytes(64 * KIBIBYTE).exactOptional(),
});

export const syncData = z.object({
  user_id: z.int(),
  external_user_id: z.string(),
  is_new_user: z.boolean(),
});
