import type { FailureRow } from '../../endpoint.js';

/** Of whatever changes something. */
export const suspendedRow: FailureRow = [403, 'account_suspended', '用户已被停用'];

export const groupNotAllowed: FailureRow = [403, 'group_not_allowed', '不能使用该分组'];
