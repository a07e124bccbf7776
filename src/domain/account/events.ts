// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField, groupField, numericId, sealedField, uuidField } from '../stored/fields.js';

const loginType = z.enum(['email', 'wechat', 'alipay', 'sms']);

export const accountEvents = {
  'account-registered': z.object({
    account_id: uuidField,
    user_id: numericId,
    external_user_id: z.string().min(1).max(100),
    username: z.string().min(1).max(50),
    login_type: loginType,
    aff_code: z.string().max(32),
    group: groupField,
    /** Sealed PersonalData: display name, e-mail, phone, WeChat and Alipay ids, external data. */
    personal: sealedField,
  }),
  /** Only what changed is present; `personal`, when present, is the whole of the person's data sealed anew. */
  'account-profile-updated': z.object({
    account_id: uuidField,
    username: z.string().min(1).max(50).optional(),
    login_type: loginType.optional(),
    aff_code: z.string().max(32).optional(),
    personal: sealedField.optional(),
  }),
  'account-suspended': z.object({ account_id: uuidField, reason: z.string().max(500), by: actorField }),
  'account-reinstated': z.object({ account_id: uuidField, reason: z.string().max(500), by: actorField }),
  'account-group-changed': z.object({ account_id: uuidField, group: groupField, by: actorField }),
  /** The person's key was destroyed: what was sealed can no longer be read by anybody. The money stays. */
  'account-erased': z.object({ account_id: uuidField, reason: z.string().max(500), by: actorField }),
};
