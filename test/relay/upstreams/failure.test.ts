import { describe, expect, it } from '@jest/globals';
import { judge, limitResetMs, retryAfterMs } from '../../../src/relay/upstreams/failure.js';

const error = (status: number, body: unknown, retryAfter = 0) =>
  judge({
    kind: 'error',
    status,
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    retryAfterMs: retryAfter,
  });
const openai = (code: string, message = 'no') => ({ error: { message, type: 'x', param: null, code } });
const anthropic = (type: string, message: string) => ({ type: 'error', error: { type, message } });
const NO_CREDIT =
  'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.';
const google = (reason: string) => ({
  error: { code: 400, status: 'INVALID_ARGUMENT', message: 'API key not valid.', details: [{ reason }] },
});

describe('whose fault a failure was', () => {
  it.each([400, 405, 409, 413, 415, 422])(
    '%i is the client’s: not retried, and nobody cools down',
    (status) => {
      expect(error(status, openai('invalid_value'))).toEqual({
        fault: 'client',
        retry: false,
        reason: `status-${status}`,
      });
    },
  );

  it.each<[string, number, unknown, string]>([
    ['OpenAI', 401, openai('invalid_api_key'), 'the key is refused'],
    ['Anthropic', 401, anthropic('authentication_error', 'invalid x-api-key'), 'the key is refused'],
    ['Google', 400, google('API_KEY_INVALID'), 'the key is refused'],
    ['OpenAI without credit', 429, openai('insufficient_quota'), 'no credit is left'],
    ['Anthropic without credit', 400, anthropic('invalid_request_error', NO_CREDIT), 'no credit is left'],
    [
      'DeepSeek without credit',
      402,
      openai('invalid_request_error', 'Insufficient Balance'),
      'no credit is left',
    ],
  ])('%s: the key is out of use for good', (_who, status, body, permanent) => {
    const verdict = error(status, body);
    if (status === 402) expect(verdict).toMatchObject({ fault: 'key', retry: true });
    else expect(verdict).toMatchObject({ fault: 'key', retry: true, permanent, cools: { scope: 'key' } });
  });

  it('no text that a caller can put into an error switches a key off', () => {
    const echoed = anthropic('invalid_request_error', `${NO_CREDIT}: Extra inputs are not permitted`);
    expect(error(400, echoed).permanent).toBeUndefined();
    const quoted = openai('invalid_value', 'Invalid value: "insufficient_quota invalid_api_key"');
    expect(error(400, quoted)).toMatchObject({ fault: 'client', retry: false });
  });

  it('too fast is the key’s, for as long as upstream says', () => {
    expect(error(429, openai('rate_limit_exceeded'), 7_000)).toMatchObject({
      fault: 'key',
      retry: true,
      cools: { scope: 'key-model', leastMs: 7_000, spare: 0 },
    });
    expect(error(429, '{}', 10 * 3_600_000).cools?.leastMs).toBe(600_000);
  });

  it('a model that is not there is asked for elsewhere', () => {
    expect(error(404, openai('model_not_found'))).toMatchObject({ retry: true, cools: { scope: 'model' } });
    expect(error(404, { error: { code: 'DeploymentNotFound' } })).toMatchObject({
      cools: { scope: 'model' },
    });
    expect(error(404, anthropic('not_found_error', 'model: x'))).toEqual({
      fault: 'model',
      retry: true,
      reason: 'status-404',
    });
    expect(error(400, openai('previous_response_not_found'))).toMatchObject({ fault: 'nobody', retry: true });
  });

  it('a server’s trouble is the channel’s, and one may be an accident', () => {
    expect(error(503, openai('x'))).toMatchObject({ retry: true, cools: { scope: 'channel', spare: 1 } });
    expect(error(529, anthropic('overloaded_error', 'Overloaded'))).toMatchObject({
      retry: true,
      cools: { scope: 'model', spare: 1 },
    });
    for (const failure of ['unreachable', 'broken'] as const)
      expect(judge({ kind: 'network', failure })).toMatchObject({ retry: true, cools: { scope: 'channel' } });
    expect(judge({ kind: 'network', failure: 'timeout' })).toMatchObject({ cools: { scope: 'model' } });
    expect(judge({ kind: 'network', failure: 'aborted' })).toMatchObject({ fault: 'nobody', retry: false });
    expect(judge({ kind: 'bad-body' })).toMatchObject({ fault: 'channel', retry: true });
  });

  it.each(['', 'null', '[]', '{"error":null}', '{"error":"x"}', '{"error":{"details":[null,7]}}', '<html>'])(
    'reads %j without a fault',
    (body) => expect(error(500, body)).toMatchObject({ fault: 'model', retry: true }),
  );
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 21, 12, 0, 0);
  it.each([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 11:00:30 GMT' }, 0],
    [{ 'retry-after-ms': '750', 'retry-after': '1' }, 750],
    [{ 'retry-after': 'soon' }, 0],
    [{}, 0],
  ])('%j is %i ms', (headers, expected) => expect(retryAfterMs(headers, now)).toBe(expected));
});

describe('an account’s limit that is used up', () => {
  const now = Date.UTC(2026, 10, 21, 12, 0, 0);
  const rejected = (inSeconds: number) => ({
    'anthropic-ratelimit-unified-status': 'rejected',
    'anthropic-ratelimit-unified-reset': String(now / 1_000 + inSeconds),
  });
  const judged = (status: number, headers: Record<string, string>) =>
    judge({
      kind: 'error',
      status,
      body: Buffer.from(JSON.stringify(anthropic('rate_limit_error', 'limit'))),
      retryAfterMs: 5_000,
      resetMs: limitResetMs(headers, now),
    }).cools;

  it('rests its key until it begins anew, at most a week', () => {
    expect(judged(429, rejected(18_000))).toEqual({ scope: 'key', leastMs: 18_000_000, spare: 0 });
    expect(judged(429, rejected(90 * 86_400))).toMatchObject({ scope: 'key', leastMs: 7 * 86_400_000 });
  });

  it.each([
    ['is allowed', { ...rejected(60), 'anthropic-ratelimit-unified-status': 'allowed' }],
    ['is over', rejected(-5)],
    ['has no end', { 'anthropic-ratelimit-unified-status': 'rejected' }],
  ])('is none where it %s', (_, headers) => {
    expect(judged(429, headers)).toMatchObject({ scope: 'key-model', leastMs: 5_000 });
  });

  it('is not an upstream that is overloaded', () => {
    expect(judged(529, rejected(18_000))).toMatchObject({ scope: 'model', leastMs: 5_000 });
  });
});
