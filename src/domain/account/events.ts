// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { givenPersonText, personText } from '../stored/person-text.js';
import { actorField, groupField, numericId, sealedField, uuidField } from '../stored/fields.js';

const loginType = z.enum(['email', 'wechat', 'alipay', 'sms']);

export const accountEvents = {
  'account-registered': z.object({
    account_id: uuidField,
    user_id: numericId,
    external_user_id: z.string().min(1).max(100),
    /** Sealed since version 2, as what people write is in all of these but in the reason of an erasure. */
    username: givenPersonText,
    login_type: loginType,
    aff_code: personText,
    group: groupField,
    /** Sealed PersonalData: display name, e-mail, phone, WeChat and Alipay ids, external data. */
    personal: sealedField,
  }),
  /** Only what changed is present; `personal`, when present, is the whole of the person's data sealed anew. */
  'account-profile-updated': z.object({
    account_id: uuidField,
    username: givenPersonText.optional(),
    login_type: loginType.optional(),
    aff_code: personText.optional(),
    personal: sealedField.optional(),
  }),
  'account-suspended': z.object({ account_id: uuidField, reason: personText, by: actorField }),
  'account-reinstated': z.object({ account_id: uuidField, reason: personText, by: actorField }),
  'account-group-changed': z.object({ account_id: uuidField, group: groupField, by: actorField }),
  /** The person's key was destroyed: what was sealed can no longer be read by anybody. The money stays. */
  'account-erased': z.object({ account_id: uuidField, reason: z.string().max(500), by: actorField }),
};
