import { pino, type Logger } from 'pino';

/** Names under which a key or a person could be logged by mistake, at the top or one level down. */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'x-api-key',
  'api_key',
  'apiKey',
  'access_key',
  'accessKey',
  'key',
  'password',
  'email',
  'phone',
  'display_name',
  'wechat_openid',
  'wechat_unionid',
  'alipay_userid',
  'external_data',
];

/** What pino never writes, wherever a caller of ours may have put it. */
export const redaction = {
  paths: SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`]),
  censor: '[redacted]',
};

/** JSON lines on stdout (or stderr for a command whose stdout is its result). Keys and personal fields are redacted. */
export function createLogger(level: string, destination: 'stdout' | 'stderr' = 'stdout'): Logger {
  return pino(
    { level, base: { service: 'counterfoil' }, redact: redaction },
    pino.destination({ fd: destination === 'stdout' ? 1 : 2, sync: false }),
  );
}
