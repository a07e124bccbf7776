import { z } from 'zod';

/** Everything about a person that is sealed before it enters an event, and gone when the person's key is erased. */
export const personalDataSchema = z.object({
  display_name: z.string(),
  email: z.string(),
  phone: z.string(),
  wechat_openid: z.string(),
  wechat_unionid: z.string(),
  alipay_userid: z.string(),
  external_data: z.string(),
});
export type PersonalData = z.infer<typeof personalDataSchema>;
