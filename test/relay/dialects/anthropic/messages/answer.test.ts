import { describe, expect, it } from '@jest/globals';
import { readMessage } from '../../../../../src/relay/dialects/anthropic/messages/answer.js';
import { errorAnswer } from '../../../../../src/relay/dialects/anthropic/errors.js';
import type { RelayError } from '../../../../../src/relay/errors.js';
import { anthropicError, message, text } from '../../../support/anthropic-shapes.js';

const read = (body: unknown, status = 200) =>
  readMessage(status, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const USAGE = { input_tokens: 3, output_tokens: 2 };

describe("Anthropic's whole answers", () => {
  it.each([
    ['text', [text('hi')], 'end_turn', 'hi'],
    ['nothing', [], 'end_turn', ''],
    [
      'a call without text',
      [{ type: 'tool_use', id: 't', name: 'weather', input: { city: 'Bern' } }],
      'tool_use',
      'weather{"city":"Bern"}',
    ],
    ['a pause', [{ type: 'thinking', thinking: 'hm', signature: 's' }], 'pause_turn', 'hm'],
    ['a refusal', [], 'refusal', ''],
  ])('%s is a completion', (_name, content, stop_reason, written) => {
    const answer = read(message(content, USAGE, { stop_reason }));
    if (answer.kind !== 'completion') throw new Error(answer.kind);
    expect(answer.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 2 });
    expect(answer.outputText()).toBe(written);
  });

  it('passes an error object with its status, and finds the status of one that came with 200', () => {
    expect(read(anthropicError('invalid_request_error', 'no'), 400)).toMatchObject({
      kind: 'error',
      status: 400,
    });
    expect(read(anthropicError('overloaded_error', 'no'), 529)).toMatchObject({ kind: 'error', status: 529 });
    expect(read(anthropicError('rate_limit_error', 'no'))).toMatchObject({ kind: 'error', status: 429 });
    expect(read({ error: { message: 'odd' } })).toMatchObject({ kind: 'error', status: 502 });
  });

  it.each(['', '<html>', '{"type":"message"', 'null', '[]', '{"type":"message"}', '{"error":"x"}'])(
    'takes %j for what it is not, also with an error status',
    (body) => {
      expect(read(body)).toEqual({ kind: 'bad' });
      expect(read(body, 500)).toEqual({ kind: 'bad' });
    },
  );
});

describe("our errors in Anthropic's shape", () => {
  const answer = (error: RelayError) => {
    const { status, headers, body } = errorAnswer(error, 'req-1');
    return { status, headers, body: JSON.parse(body.toString()) as Record<string, Record<string, unknown>> };
  };

  it.each([
    [{ code: 'invalid_api_key' }, 401, 'authentication_error'],
    [{ code: 'account_suspended' }, 403, 'permission_error'],
    [{ code: 'model_not_found', model: 'm' }, 404, 'not_found_error'],
    [{ code: 'invalid_request', message: 'no', param: null }, 400, 'invalid_request_error'],
    [{ code: 'request_too_large', limitBytes: 5 }, 413, 'request_too_large'],
    [{ code: 'overloaded', retryAfterMs: 10 }, 503, 'overloaded_error'],
    [{ code: 'upstream_unavailable' }, 502, 'api_error'],
    [{ code: 'upstream_timeout' }, 504, 'timeout_error'],
    [{ code: 'internal' }, 500, 'api_error'],
  ] as [RelayError, number, string][])('%j', (error, status, type) => {
    const { body, ...rest } = answer(error);
    expect(rest.status).toBe(status);
    expect(body).toMatchObject({ type: 'error', error: { type }, request_id: 'req-1' });
  });

  it('says how much is needed and what is there, and not to try again', () => {
    const { status, headers, body } = answer({
      code: 'insufficient_quota',
      budget: 'account',
      needed: 900n,
      available: 3n,
    });
    expect(status).toBe(402);
    expect(headers['x-should-retry']).toBe('false');
    expect(body['error']).toMatchObject({
      type: 'billing_error',
      details: { error_code: 'insufficient_quota', needed: 900, available: 3 },
    });
  });
});
