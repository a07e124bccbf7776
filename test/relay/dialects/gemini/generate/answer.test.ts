import { describe, expect, it } from '@jest/globals';
import { readEmbedded } from '../../../../../src/relay/dialects/gemini/embed/answer.js';
import { readGenerated } from '../../../../../src/relay/dialects/gemini/generate/answer.js';
import { errorAnswer } from '../../../../../src/relay/dialects/gemini/errors.js';
import { usageOf } from '../../../../../src/relay/dialects/gemini/generate/usage.js';
import { finish, OVERLOADED, usage } from '../../../support/gemini-shapes.js';

const read = (status: number, body: unknown) =>
  readGenerated(status, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

describe('a whole answer of upstream', () => {
  it('is a completion with what was used and written', () => {
    const answer = {
      candidates: [
        {
          content: {
            parts: [
              { text: 'I think', thought: true },
              { text: ' so' },
              { functionCall: { name: 'weather', args: { city: 'Bern' } } },
              { executableCode: { code: 'print(1)' } },
              { codeExecutionResult: { output: '1' } },
              { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
            ],
          },
        },
      ],
      ...usage(10, 5),
    };
    const result = read(200, answer);
    expect(result).toMatchObject({ kind: 'completion', usage: { prompt_tokens: 10, completion_tokens: 5 } });
    if (result.kind !== 'completion') throw new Error('no completion');
    expect(result.outputText()).toBe('I think soweather{"city":"Bern"}print(1)1');
  });

  it('is read the same in the names of the proto', () => {
    const answer = {
      candidates: [
        {
          content: { parts: [{ function_call: { name: 'write', args: { to_whom: 'Bern' } } }] },
          finish_reason: 'STOP',
          grounding_metadata: { web_search_queries: ['one', 'two'] },
        },
      ],
      usage_metadata: {
        prompt_token_count: 100,
        cached_content_token_count: 60,
        candidates_token_count: 10,
        thoughts_token_count: 5,
        total_token_count: 115,
        prompt_tokens_details: [{ modality: 'IMAGE', token_count: 20 }],
        service_tier: 'priority',
      },
    };
    const result = read(200, answer);
    expect(result).toMatchObject({
      kind: 'completion',
      usage: {
        prompt_tokens: 100,
        cached_tokens: 60,
        prompt_image_tokens: 20,
        completion_tokens: 15,
        reasoning_tokens: 5,
      },
      runs: { searches: 2 },
      serviceTier: 'priority',
    });
    expect(result.kind === 'completion' && result.outputText()).toBe('write{"to_whom":"Bern"}');
  });

  it('may have no candidates where the prompt was refused', () => {
    const refused = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, ...usage(6, 0) };
    expect(read(200, refused)).toMatchObject({
      kind: 'completion',
      usage: { prompt_tokens: 6, completion_tokens: 0 },
    });
  });

  it('is an error with its own status, also out of a list, also in a 200', () => {
    expect(read(503, OVERLOADED)).toMatchObject({ kind: 'error', status: 503 });
    expect(read(429, [OVERLOADED])).toMatchObject({
      kind: 'error',
      status: 429,
      body: Buffer.from(JSON.stringify([OVERLOADED])),
    });
    expect(read(200, OVERLOADED)).toMatchObject({ kind: 'error', status: 503 });
    expect(read(200, { error: { message: 'no code' } })).toMatchObject({ status: 502 });
  });

  it.each([
    ['<html>', 200],
    ['', 200],
    ['{"candidates":[', 200],
    ['null', 200],
    ['[]', 200],
    ['{}', 200],
    ['{"error":null}', 500],
    ['{"error":{}}', 500],
    ['{"usageMetadata":{"promptTokenCount":1}}', 200],
    ['{"promptFeedback":{"blockReason":"BLOCK_REASON_UNSPECIFIED"}}', 200],
    [JSON.stringify(finish('a')), 500],
  ])('%s with status %i is not what it should be', (body, status) => {
    expect(read(status, body)).toEqual({ kind: 'bad' });
  });

  it('holds embeddings, one or many, whose usage may be missing', () => {
    const embedded = (body: unknown) => readEmbedded(200, Buffer.from(JSON.stringify(body)));
    expect(embedded({ embedding: { values: [1] } })).toMatchObject({ kind: 'completion', usage: undefined });
    expect(embedded({ embeddings: [], usageMetadata: { promptTokenCount: 3 } })).toMatchObject({
      usage: { prompt_tokens: 3, completion_tokens: 0 },
    });
    expect(embedded(finish('a'))).toEqual({ kind: 'bad' });
  });
});

describe('usage', () => {
  const of = (usageMetadata: unknown) => usageOf({ usageMetadata });

  it('takes cached tokens as part of the prompt, tool results as prompt and thoughts as output', () => {
    expect(
      of({
        promptTokenCount: 100,
        cachedContentTokenCount: 60,
        candidatesTokenCount: 10,
        thoughtsTokenCount: 7,
        toolUsePromptTokenCount: 5,
        totalTokenCount: 122,
      }),
    ).toMatchObject({ prompt_tokens: 105, cached_tokens: 60, cache_write_tokens: 0, completion_tokens: 17 });
  });

  it('reads an absent output count as none, or as what the total leaves', () => {
    expect(of({ promptTokenCount: 9 })).toMatchObject({ completion_tokens: 0 });
    expect(of({ promptTokenCount: 9, totalTokenCount: 9 })).toMatchObject({ completion_tokens: 0 });
    expect(of({ promptTokenCount: 9, thoughtsTokenCount: 4, totalTokenCount: 20 })).toMatchObject({
      completion_tokens: 11,
    });
  });

  it('tells sound and pictures apart, those read from the cache left out, also where enums are numbers', () => {
    const detail = (modality: string | number, tokenCount: number) => ({ modality, tokenCount });
    for (const [image, audio] of [
      ['IMAGE', 'AUDIO'],
      [2, 4],
    ] as const) {
      expect(
        of({
          promptTokenCount: 1_000,
          cachedContentTokenCount: 300,
          promptTokensDetails: [detail('TEXT', 200), detail(audio, 500), detail(image, 300)],
          cacheTokensDetails: [detail(audio, 300)],
          candidatesTokenCount: 60,
          candidatesTokensDetails: [detail(image, 40), detail(audio, 20)],
          thoughtsTokenCount: 9,
        }),
      ).toMatchObject({
        prompt_audio_tokens: 200,
        prompt_image_tokens: 300,
        completion_tokens: 69,
        reasoning_tokens: 9,
        completion_image_tokens: 40,
        completion_audio_tokens: 20,
      });
    }
  });

  it('does not guess what is impossible, and says nothing where nothing is said', () => {
    expect(of({ promptTokenCount: '1', candidatesTokenCount: 3 })?.prompt_tokens).toBeNaN();
    expect(of({ promptTokenCount: 1, candidatesTokenCount: '3' })?.completion_tokens).toBeNaN();
    expect(of(undefined)).toBeUndefined();
    expect(of([])).toBeUndefined();
  });
});

describe('an error of ours', () => {
  const shown = (error: Parameters<typeof errorAnswer>[0]) => {
    const { status, headers, body } = errorAnswer(error);
    return { status, headers, error: (JSON.parse(body.toString()) as { error: object }).error };
  };

  it('says what is needed and what is available', () => {
    expect(
      shown({ code: 'insufficient_quota', budget: 'account', needed: 70n, available: 20n }),
    ).toMatchObject({
      status: 402,
      headers: { 'x-should-retry': 'false' },
      error: {
        code: 402,
        status: 'FAILED_PRECONDITION',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'INSUFFICIENT_QUOTA',
            metadata: { needed: '70', available: '20', budget: 'account' },
          },
        ],
      },
    });
  });

  it('says when to come again', () => {
    expect(
      shown({ code: 'rate_limit_exceeded', scope: 'key', kind: 'requests', retryAfterMs: 1_500, limit: 3 }),
    ).toMatchObject({
      status: 429,
      headers: { 'retry-after': '2' },
      error: {
        status: 'RESOURCE_EXHAUSTED',
        details: [{}, { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' }],
      },
    });
  });

  it.each([
    [{ code: 'invalid_api_key' }, 401, 'UNAUTHENTICATED'],
    [{ code: 'account_suspended' }, 403, 'PERMISSION_DENIED'],
    [{ code: 'model_not_found', model: 'm' }, 404, 'NOT_FOUND'],
    [{ code: 'invalid_request', message: 'no', param: 'contents' }, 400, 'INVALID_ARGUMENT'],
    [
      { code: 'dialect_not_supported', model: 'm', dialects: ['openai'], protocols: ['chat'] },
      400,
      'FAILED_PRECONDITION',
    ],
    [{ code: 'upstream_timeout' }, 504, 'DEADLINE_EXCEEDED'],
    [{ code: 'ledger_unavailable', retryAfterMs: 1 }, 503, 'UNAVAILABLE'],
  ] as const)('%j is %i %s', (error, code, status) => {
    expect(shown(error)).toMatchObject({ status: code, error: { code, status } });
  });
});
