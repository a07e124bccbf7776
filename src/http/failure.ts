/** A text in both languages of the API. Chinese is the contract's; English is for `Accept-Language: en`. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

export type Rule = 'required' | 'min' | 'max' | 'oneof' | 'email' | 'type';

/** What is wrong with one field, under its JSON name (`body` for the body as a whole). */
export interface FieldError {
  readonly field: string;
  readonly rule: Rule;
  readonly text: Bilingual;
}

interface Failure {
  readonly status: number;
  /** Stable: programs branch on it. */
  readonly code: string;
  readonly text: Bilingual;
  readonly errors?: readonly FieldError[];
  /** Facts of a conflict: which field differs, what remains. Never personal data, SQL or hosts. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that ends in the contract's failure shape. Thrown anywhere below the error middleware. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';

  constructor(readonly failure: Failure) {
    super(failure.text.en);
  }
}

/** 400 (or another status that blames the request's form) with the fields that are wrong. */
export function invalidRequest(
  errors: readonly FieldError[],
  status: { readonly status: number; readonly code: string } = { status: 400, code: 'invalid_request' },
): HttpFailure {
  const list = (language: keyof Bilingual) =>
    errors.map(({ field, text }) => `${field} ${text[language]}`).join('; ');
  return new HttpFailure({
    ...status,
    text: { zh: `请求参数错误: ${list('zh')}`, en: `Invalid request: ${list('en')}` },
    errors,
  });
}

const RETRY_AFTER_SECONDS = '1';

/** 503: nothing is known to be wrong with the request, and the same request may be sent again at will. */
export function ledgerUnavailable(): HttpFailure {
  return new HttpFailure({
    status: 503,
    code: 'ledger_unavailable',
    text: {
      zh: '账本服务暂时不可用，请稍后重试',
      en: 'The ledger is unavailable for the moment, please retry',
    },
    headers: { 'Retry-After': RETRY_AFTER_SECONDS },
  });
}

/** 503: what would be read may be another ledger's, or older than what was told before. `reason` is one word of the log's. */
export function tablesInDoubt(reason: string): HttpFailure {
  return new HttpFailure({
    status: 503,
    code: 'ledger_unavailable',
    text: {
      zh: `账本数据正在核对（${reason}），暂不提供，请稍后重试`,
      en: `It is not certain that the ledger's data are the right ones (${reason}): nothing is told until it is, please retry`,
    },
    details: { reason },
    headers: { 'Retry-After': RETRY_AFTER_SECONDS },
  });
}

/** 500: a recorded figure is not what comes out when it is computed again. It is not told; the difference is, to an auditor. */
export function booksDisagree(disagreements: readonly object[]): HttpFailure {
  return new HttpFailure({
    status: 500,
    code: 'books_disagree',
    text: { zh: '账目不一致', en: 'The books do not agree with themselves' },
    details: { disagreements },
  });
}

export function routeNotFound(): HttpFailure {
  return new HttpFailure({
    status: 404,
    code: 'route_not_found',
    text: { zh: '接口不存在', en: 'No such route' },
  });
}

export function methodNotAllowed(allowed: readonly string[]): HttpFailure {
  return new HttpFailure({
    status: 405,
    code: 'method_not_allowed',
    text: { zh: '请求方法不被允许', en: 'Method not allowed' },
    headers: { Allow: allowed.join(', ') },
  });
}
