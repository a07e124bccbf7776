import type { Answer, FailureRow } from './endpoint.js';
import { HttpFailure } from './failure.js';

/** Each holds a page of rows in memory, and a connection while it reads the next one. */
const MOST_AT_ONCE = 4;
const RETRY_AFTER_SECONDS = '5';

export const exportsBusy: FailureRow = [503, 'exports_busy', '导出任务过多，请稍后重试'];

let underWay = 0;

/**
 * A text of any length, as one of few at a time in this process.
 *
 * Throws a 503 `exports_busy`.
 */
export function exported(text: Omit<NonNullable<Answer['text']>, 'onClose'>): Answer {
  if (underWay >= MOST_AT_ONCE) {
    const [status, code, zh] = exportsBusy;
    const en = 'Too many exports are being made, please retry';
    throw new HttpFailure({
      status,
      code,
      text: { zh, en },
      headers: { 'Retry-After': RETRY_AFTER_SECONDS },
    });
  }
  underWay += 1;
  return { data: null, text: { ...text, onClose: () => (underWay -= 1) } };
}
