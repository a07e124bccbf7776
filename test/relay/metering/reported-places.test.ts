import { describe, expect, it } from '@jest/globals';
import {
  besideOf,
  StreamUsage,
  usageOf as messageUsage,
} from '../../../src/relay/dialects/anthropic/messages/usage.js';
import { SseUnits } from '../../../src/relay/dialects/sse/sse-units.js';
import { GeminiStream } from '../../../src/relay/dialects/gemini/generate/stream.js';
import { chatOutputText } from '../../../src/relay/dialects/openai/chat/texts.js';
import { ChoicesStream } from '../../../src/relay/dialects/openai/chat/stream.js';
import { usageOf as chatUsage } from '../../../src/relay/dialects/openai/chat/usage.js';
import { responseUsage } from '../../../src/relay/dialects/openai/responses/usage.js';

const frame = (payload: object) => Buffer.from(`data: ${JSON.stringify(payload)}\n\n`);

describe('tokens read from and written to the cache', () => {
  it.each([
    ['OpenAI', { prompt_tokens_details: { cached_tokens: 800 } }],
    ['DeepSeek', { prompt_cache_hit_tokens: 800, prompt_cache_miss_tokens: 200 }],
    [
      'DeepSeek, beside details that say 0',
      { prompt_tokens_details: { cached_tokens: 0 }, prompt_cache_hit_tokens: 800 },
    ],
    ['Kimi', { cached_tokens: 800 }],
    ['gateways before Anthropic', { cache_read_input_tokens: 800 }],
  ])('are found where %s puts those read', (_who, more) => {
    const usage = { prompt_tokens: 1_000, completion_tokens: 10, ...more };
    const expected = { prompt_tokens: 1_000, cached_tokens: 800, completion_tokens: 10 };
    expect(chatUsage({ usage })).toMatchObject(expected);
    expect(chatUsage({ choices: [{ usage }] })).toMatchObject(expected);
    expect(chatUsage({ x_groq: { usage } })).toMatchObject(expected);
    const { prompt_tokens_details: details } = more as { prompt_tokens_details?: object };
    const response = {
      ...more,
      input_tokens: 1_000,
      output_tokens: 10,
      ...(details && { input_tokens_details: details }),
    };
    expect(responseUsage({ usage: response })).toMatchObject(expected);
  });

  it.each([
    ['OpenRouter', { prompt_tokens_details: { cache_write_tokens: 300 } }],
    ['Qwen', { prompt_tokens_details: { cache_creation_input_tokens: 300 } }],
    ['gateways before Anthropic', { cache_creation_input_tokens: 300 }],
  ])('are found where %s puts those written', (_who, more) => {
    const usage = { prompt_tokens: 1_000, completion_tokens: 10, ...more };
    expect(chatUsage({ usage })).toMatchObject({ prompt_tokens: 1_000, cache_write_tokens: 300 });
  });
});

describe('tokens written to the cache for long', () => {
  const kinds = { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 };
  it.each([
    { cache_creation_input_tokens: 300, cache_creation: kinds },
    { cache_creation: kinds },
    { prompt_tokens_details: { cache_creation: kinds, cache_creation_input_tokens: 300 } },
    { cache_creation_input_tokens: 300, claude_cache_creation_1_h_tokens: 200 },
    {
      prompt_tokens_details: {
        cache_write_tokens: 300,
        cache_write_tokens_details: { ttl_30m_tokens: 100, ttl_12h_tokens: 200 },
      },
    },
  ])('have their own price in a chat too: %j', (more) => {
    const usage = { prompt_tokens: 1_000, completion_tokens: 10, ...more };
    const expected = { prompt_tokens: 1_000, cache_write_tokens: 100, cache_write_1h_tokens: 200 };
    expect(chatUsage({ usage })).toMatchObject(expected);
    const { prompt_tokens_details: details, ...rest } = more as { prompt_tokens_details?: object };
    const response = {
      ...rest,
      input_tokens: 1_000,
      output_tokens: 10,
      ...(details && { input_tokens_details: details }),
    };
    expect(responseUsage({ usage: response })).toMatchObject(expected);
  });
});

describe('iterations of a message', () => {
  const message = { type: 'message', input_tokens: 230, output_tokens: 10 };
  const compaction = { type: 'compaction', input_tokens: 1_800, output_tokens: 35 };
  const advice = {
    type: 'advisor_message',
    model: 'claude-advisor',
    input_tokens: 823,
    output_tokens: 1_612,
  };
  const top = { input_tokens: 230, output_tokens: 10 };

  it('are charged beside the message, each by the model it names', () => {
    const usage = { ...top, iterations: [compaction, advice, message] };
    expect(messageUsage({ usage })).toMatchObject({ prompt_tokens: 230, completion_tokens: 10 });
    expect(besideOf({ usage })).toMatchObject([
      { model: undefined, usage: { prompt_tokens: 1_800, completion_tokens: 35 } },
      { model: 'claude-advisor', usage: { prompt_tokens: 823, completion_tokens: 1_612 } },
    ]);
  });

  it('are in the message where it is the sum of all', () => {
    const usage = { input_tokens: 2_030, output_tokens: 45, iterations: [compaction, message] };
    expect(besideOf({ usage })).toEqual([]);
    expect(besideOf({ usage: { ...top, iterations: [message] } })).toEqual([]);
    expect(besideOf({ usage: top })).toEqual([]);
  });

  it('are found in a stream, and not lost to a later end without them', () => {
    const stream = new StreamUsage();
    stream.start({ input_tokens: 230, output_tokens: 1 });
    stream.progress({ output_tokens: 10, iterations: [compaction, message] });
    stream.progress({ input_tokens: 0, output_tokens: 0, iterations: [] });
    expect(stream.usage).toMatchObject({ prompt_tokens: 230, completion_tokens: 10 });
    expect(stream.beside).toMatchObject([{ usage: { prompt_tokens: 1_800, completion_tokens: 35 } }]);
  });
});

describe('a report of zeros after one with figures', () => {
  it('changes nothing in a chat', () => {
    const stream = new ChoicesStream({ choices: 1, hideUsage: true, textOf: chatOutputText });
    const zero = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
    stream.push(
      frame({ choices: [], usage: { prompt_tokens: 39, completion_tokens: 26, total_tokens: 65 } }),
    );
    stream.push(frame({ choices: [{ index: 0, finish_reason: 'stop', delta: {} }], usage: zero }));
    expect(stream.usage).toMatchObject({ prompt_tokens: 39, completion_tokens: 26 });
  });

  it.each([
    ['all zeros', { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 }],
    ['nothing', { trafficType: 'ON_DEMAND' }],
  ])('changes nothing in a stream of Gemini: %s', (_what, zero) => {
    const stream = new GeminiStream(new SseUnits(), 1);
    const chunk = (text: string, usageMetadata: object, more: object = {}) =>
      frame({ candidates: [{ index: 0, content: { parts: [{ text }] }, ...more }], usageMetadata });
    stream.push(chunk('All ', { promptTokenCount: 39, totalTokenCount: 39 }));
    stream.push(chunk('is ', { promptTokenCount: 0, candidatesTokenCount: 26, totalTokenCount: 26 }));
    stream.push(chunk('well.', zero));
    expect(stream.usage).toMatchObject({ prompt_tokens: 39, completion_tokens: 26 });
    stream.push(chunk('', zero, { finishReason: 'STOP' }));
    expect(stream.usage).toMatchObject({ prompt_tokens: 39, completion_tokens: 26 });
  });
});
