import type { Context, Middleware } from 'koa';
import { BooksDisagree } from '../../books/audit/faults.js';
import type { Log } from '../../support/log.js';
import { isUnavailable } from '../../support/unavailable.js';
import { TablesInDoubt } from '../../commands/ledger/tables-guard.js';
import { type Bilingual, booksDisagree, HttpFailure, ledgerUnavailable, tablesInDoubt } from '../failure.js';
import { exactJson } from '../json/exact-json.js';

/** The language the caller prefers of the two the API speaks; Chinese where it does not say. */
export function language(ctx: Context): keyof Bilingual {
  return ctx.acceptsLanguages('zh', 'en') === 'en' ? 'en' : 'zh';
}

export function respondJson(ctx: Context, status: number, body: unknown): void {
  ctx.status = status;
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = exactJson(body);
}

/** Turns whatever is thrown into the failure shape of the contract. What nobody foresaw is logged, and told to nobody. */
export function errors(log: Log): Middleware<{ requestId: string }> {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const { failure } = failureOf(error, log, ctx.state.requestId);
      const spoken = language(ctx);
      for (const [name, value] of Object.entries(failure.headers ?? {})) ctx.set(name, value);
      respondJson(ctx, failure.status, {
        success: false,
        message: failure.text[spoken],
        code: failure.code,
        request_id: ctx.state.requestId,
        errors: failure.errors?.map(({ field, rule, text }) => ({ field, rule, message: text[spoken] })),
        details: failure.details,
      });
    }
  };
}

function failureOf(error: unknown, log: Log, requestId: string): HttpFailure {
  if (error instanceof HttpFailure) return error;
  // Who looks at the log has said so once, for all who ask.
  if (error instanceof TablesInDoubt) return tablesInDoubt(error.reason);
  if (error instanceof BooksDisagree) {
    log.error({ err: error, request_id: requestId }, 'the books do not agree with themselves');
    return booksDisagree(error.disagreements);
  }
  const unavailable = isUnavailable(error);
  log.error({ err: error, request_id: requestId }, unavailable ? 'ledger unavailable' : 'unexpected error');
  if (unavailable) return ledgerUnavailable();
  return new HttpFailure({
    status: 500,
    code: 'internal_error',
    text: { zh: '服务器内部错误', en: 'Internal error' },
  });
}
