import type { FailureRow } from '../../endpoint.js';

export const loginFailures: readonly FailureRow[] = [
  [401, 'login_failed', '用户名或密码错误'],
  [429, 'too_many_logins', '登录尝试过多，请稍后重试'],
];

export const mailFailures: readonly FailureRow[] = [[429, 'too_many_mails', '邮件发送过于频繁，请稍后再试']];

export const linkInvalid: FailureRow = [400, 'link_invalid', '链接无效、已使用或已过期'];

/** Where the password was not given within ten minutes. */
export const stepUpRequired: FailureRow = [403, 'step_up_required', '请先再次输入密码确认身份'];

/** Of a session that a front end vouched for. */
export const sessionLimited: FailureRow = [403, 'session_limited', '此会话由前端转入，不能更改登录方式'];
