import type { z } from 'zod';
import type { syncData } from './schema.js';

export const syncTexts = {
  created: { zh: '用户创建成功', en: 'User created' },
  updated: { zh: '用户信息同步成功', en: 'User synchronised' },
};

export function presentSync(
  externalUserId: string,
  account: { readonly userId: number; readonly isNew: boolean },
): z.infer<typeof syncData> {
  return { user_id: account.userId, external_user_id: externalUserId, is_new_user: account.isNew };
}
