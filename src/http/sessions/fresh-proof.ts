import { HttpFailure } from '../failure.js';

const FRESH_SECONDS = 600;

/** Whether a password, or more, was given within ten minutes. `since`: unix seconds. */
export const isFresh = (since: number, now: Date): boolean => now.getTime() / 1000 - since < FRESH_SECONDS;

export const stepUpRequired = () =>
  new HttpFailure({
    status: 403,
    code: 'step_up_required',
    text: { zh: '请先再次输入密码确认身份', en: 'Give your password again first' },
    details: { within_seconds: FRESH_SECONDS },
  });
