import { AuditRefused, type AuditRefusalCode } from '../../../books/audit/faults.js';
import type { FailureRow } from '../../endpoint.js';
import { HttpFailure } from '../../failure.js';

type Row = readonly [status: number, zh: string, en: string];

const table: Readonly<Record<AuditRefusalCode, Row>> = {
  account_not_found: [404, '用户不存在', 'User does not exist'],
  figure_not_found: [404, '没有该编号的记录', 'Nothing has this id'],
  position_ahead: [409, '尚未到达该位置', 'The read models have not reached this position'],
  range_invalid: [400, '请求参数错误: 范围无效', 'Invalid request: the range is not valid'],
  range_too_large: [400, '请求参数错误: 范围过大', 'Invalid request: the range is too large'],
  month_invalid: [400, '请求参数错误: month 无效', 'Invalid request: month is not valid'],
  receipts_off: [404, '本账本未签发凭证', 'This ledger signs nothing'],
  not_signed_yet: [503, '该记录尚未签名，请稍后重试', 'It has not been signed yet, please retry'],
  not_closed: [
    404,
    '该日尚未结存，或其证明已不再保留',
    'This day was not closed, or its proofs are not kept',
  ],
  behind: [503, '账目视图尚未跟上日志，请稍后重试', 'The read models are behind the log, please retry'],
  not_ready: [503, '账目视图尚未就绪，请稍后重试', 'The read models are not ready, please retry'],
};

/** What an endpoint can fail with, for the document. */
export function failureRows(...codes: readonly AuditRefusalCode[]): readonly FailureRow[] {
  const rows = [...codes, 'behind' as const, 'not_ready' as const].map((code): FailureRow => [
    table[code][0],
    code,
    table[code][1],
  ]);
  return [...rows, [500, 'books_disagree', '账目不一致']];
}

/** A checkpoint is signed every ten seconds; all else is sooner there. */
const retryAfter = (code: AuditRefusalCode): string => (code === 'not_signed_yet' ? '10' : '1');

/** The answer to a question, its refusal as the failure of the table. */
export async function asked<Answer>(answer: Promise<Answer>): Promise<{ readonly data: Answer }> {
  try {
    return { data: await answer };
  } catch (error) {
    if (!(error instanceof AuditRefused)) throw error;
    const [status, zh, en] = table[error.code];
    const details = error.code === 'account_not_found' ? {} : { details: { reason: error.message } };
    const headers = status === 503 ? { headers: { 'Retry-After': retryAfter(error.code) } } : {};
    throw new HttpFailure({ status, code: error.code, text: { zh, en }, ...details, ...headers });
  }
}
