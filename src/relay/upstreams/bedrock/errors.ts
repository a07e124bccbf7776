/** Bedrock's exceptions as types of Anthropic's errors. */
const TYPES: Readonly<Record<string, string>> = {
  ValidationException: 'invalid_request_error',
  AccessDeniedException: 'permission_error',
  InvalidSignatureException: 'permission_error',
  SignatureDoesNotMatch: 'permission_error',
  RequestExpired: 'permission_error',
  UnrecognizedClientException: 'authentication_error',
  InvalidClientTokenId: 'authentication_error',
  ExpiredTokenException: 'authentication_error',
  ResourceNotFoundException: 'not_found_error',
  ThrottlingException: 'rate_limit_error',
  ServiceQuotaExceededException: 'rate_limit_error',
  ModelTimeoutException: 'timeout_error',
  ServiceUnavailableException: 'overloaded_error',
  ModelNotReadyException: 'overloaded_error',
};

const BY_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
};

/** `throttlingException` and `ThrottlingException:http://…` are the same. */
export const nameOf = (exception: string): string => {
  const [name = ''] = exception.split(/[:#]/, 1);
  return name.charAt(0).toUpperCase() + name.slice(1);
};

/** The type of Anthropic's error that an exception is; `status` where its name is not known. */
export const typeOf = (exception: string, status: number): string =>
  TYPES[nameOf(exception)] ?? BY_STATUS[status] ?? 'api_error';
