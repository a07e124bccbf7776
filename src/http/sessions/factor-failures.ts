import { HttpFailure } from '../failure.js';

/** By code: what is thrown, and what the document says of it. */
const rows = {
  second_factor_wrong: [401, '验证码错误、已使用或已过期', 'The code is wrong, was used, or has run out'],
  second_factor_required: [401, '还需要两步验证码', 'A code of your second factor is needed as well'],
  sign_in_expired: [
    400,
    '登录已超时，请重新输入密码',
    'This sign-in took too long: give your password again',
  ],
  second_factor_missing: [409, '尚未启用两步验证', 'There is no second factor yet'],
} as const;

type Code = keyof typeof rows;

export function factorFailure(code: Code, details?: Readonly<Record<string, unknown>>): HttpFailure {
  const [status, zh, en] = rows[code];
  return new HttpFailure({ status, code, text: { zh, en }, ...(details && { details }) });
}

export const factorFailures = (
  ...codes: readonly Code[]
): readonly (readonly [status: number, code: string, zh: string])[] =>
  codes.map((code) => [rows[code][0], code, rows[code][1]]);
