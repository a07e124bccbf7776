import { HttpFailure } from '../failure.js';

const text = {
  zh: '浏览器会话不能换取令牌，请用密码获取',
  en: 'The session of a browser gets no token: get one with the password',
};

/**
 * A token is asked for nothing again, and is in no list of sessions: whoever sits at a browser that was left open would make one of its cookie,
 * and keep it when the session is ended.
 */
export const tokenRequired = () =>
  new HttpFailure({
    status: 403,
    code: 'token_required',
    text,
  });

/** As endpoints say it. */
export const tokenRequiredRow = [403, 'token_required', text.zh] as const;
