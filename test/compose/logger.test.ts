import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { redaction } from '../../src/support/logger.js';

/** What a line looks like that was logged with these fields. */
function logged(fields: object): string {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  pino({ redact: redaction }, stream).info(fields, 'a line');
  return text;
}

describe('the log', () => {
  it.each([
    'authorization',
    'x-api-key',
    'api_key',
    'access_key',
    'accessKey',
    'password',
    'email',
    'phone',
    'wechat_openid',
    'alipay_userid',
    'external_data',
  ])('never shows %s, at the top or one level down', (field) => {
    const line = logged({ [field]: 'hidden-word', headers: { [field]: 'hidden-word' }, request_id: 'r-1' });
    expect(line).not.toContain('hidden-word');
    expect(line).toContain('r-1');
  });
});
