import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  StreamUsage,
  usageOf as messageUsage,
} from '../../../src/relay/dialects/anthropic/messages/usage.js';
import { usageOf as geminiUsage } from '../../../src/relay/dialects/gemini/generate/usage.js';
import { inputUsage, usageOf as chatUsage } from '../../../src/relay/dialects/openai/chat/usage.js';
import { imageUsage } from '../../../src/relay/dialects/openai/images/usage.js';
import { responseUsage } from '../../../src/relay/dialects/openai/responses/usage.js';
import { transcriptUsage } from '../../../src/relay/dialects/openai/transcriptions/usage.js';

const ofChats = { prompt_tokens: 300, completion_tokens: 70, total_tokens: 370 };
const ofMessages = { input_tokens: 300, output_tokens: 70, total_tokens: 370 };
const counts = { prompt_tokens: 300, completion_tokens: 70 };

describe('a usage in the names of another dialect', () => {
  it.each([
    ['those of chats', ofChats],
    ['those of messages and responses', ofMessages],
    ['both, of which one says nothing', { ...ofMessages, prompt_tokens: 0, completion_tokens: 0 }],
  ])('is read by %s', (_which, usage) => {
    expect(chatUsage({ usage })).toMatchObject(counts);
    expect(responseUsage({ usage })).toMatchObject(counts);
    expect(messageUsage({ usage })).toMatchObject(counts);
    expect(imageUsage({ usage }, 1)).toMatchObject({ ...counts, images: 1 });
    expect(transcriptUsage({ usage })).toMatchObject(counts);
    expect(inputUsage({ usage })).toMatchObject({ prompt_tokens: 300 });
  });

  it('is read at the end of a stream of a message, with what was read from the cache in the prompt', () => {
    const stream = new StreamUsage();
    stream.start({});
    stream.progress({ ...ofChats, prompt_tokens_details: { cached_tokens: 100 } });
    expect(stream.usage).toMatchObject({ ...counts, cached_tokens: 100 });
  });

  it('has its details under either name', () => {
    const usage = { ...ofMessages, input_tokens_details: { cached_tokens: 200 } };
    expect(chatUsage({ usage })).toMatchObject({ ...counts, cached_tokens: 200 });
  });
});

describe('tokens of a message that were read from the cache', () => {
  const own = { input_tokens: 1_000, output_tokens: 10, cache_read_input_tokens: 0 };

  it.each([
    ['Kimi', { cached_tokens: 800, prompt_tokens: 1_000, completion_tokens: 10 }],
    ['DeepSeek', { prompt_cache_hit_tokens: 800, prompt_cache_miss_tokens: 200 }],
    ['details', { input_tokens_details: { cached_tokens: 800 } }],
  ])('are within its prompt where they are under a name of chats: %s', (_who, more) => {
    const expected = { prompt_tokens: 1_000, cached_tokens: 800, completion_tokens: 10 };
    expect(messageUsage({ usage: { ...own, ...more } })).toMatchObject(expected);
    const stream = new StreamUsage();
    stream.start({ ...own, ...more, output_tokens: 0, completion_tokens: 0 });
    stream.progress({ output_tokens: 10, cache_read_input_tokens: 0 });
    expect(stream.usage).toMatchObject(expected);
  });

  it('are on top of it under their own name, and where they are more than it', () => {
    const expected = { prompt_tokens: 1_800, cached_tokens: 800 };
    expect(messageUsage({ usage: { ...own, cache_read_input_tokens: 800 } })).toMatchObject(expected);
    const usage = { ...own, input_tokens: 100, cached_tokens: 800 };
    expect(messageUsage({ usage })).toMatchObject({ prompt_tokens: 900, cached_tokens: 800 });
  });
});

describe('a count that is left out', () => {
  it('says as little as a zero, where the other one is told', () => {
    const output = { prompt_tokens: 0, completion_tokens: 70 };
    expect(chatUsage({ usage: { completion_tokens: 70, total_tokens: 70 } })).toMatchObject(output);
    expect(responseUsage({ usage: { output_tokens: 70 } })).toMatchObject(output);
    expect(messageUsage({ usage: { output_tokens: 70 } })).toMatchObject(output);
    expect(geminiUsage({ usageMetadata: { candidatesTokenCount: 70 } })).toMatchObject(output);
    const prompt = { ...counts, completion_tokens: 0 };
    expect(chatUsage({ usage: { prompt_tokens: 300 } })).toMatchObject(prompt);
    expect(responseUsage({ usage: { input_tokens: 300 } })).toMatchObject(prompt);
    expect(messageUsage({ usage: { input_tokens: 300 } })).toMatchObject(prompt);
    expect(geminiUsage({ usageMetadata: { promptTokenCount: 300 } })).toMatchObject(prompt);
  });

  it('is what the total of Gemini has beyond the rest', () => {
    const usageMetadata = { candidatesTokenCount: 50, thoughtsTokenCount: 20, totalTokenCount: 370 };
    expect(geminiUsage({ usageMetadata })).toMatchObject(counts);
  });

  it('is no count where nothing is told, and a text is none either', () => {
    expect(chatUsage({ usage: {} })?.prompt_tokens).toBeNaN();
    expect(messageUsage({ usage: {} })?.prompt_tokens).toBeNaN();
    expect(geminiUsage({ usageMetadata: {} })?.prompt_tokens).toBeNaN();
    expect(chatUsage({ usage: { prompt_tokens: '3', completion_tokens: 70 } })?.prompt_tokens).toBeNaN();
  });
});

describe('an input without an output', () => {
  it.each([
    ['the total alone', { usage: { total_tokens: 77 } }],
    ['the total beside a zero', { usage: { prompt_tokens: 0, total_tokens: 77 } }],
    ['the prompt beside a zero total', { usage: { prompt_tokens: 77, total_tokens: 0 } }],
    ['tokens of Cohere', { meta: { tokens: { input_tokens: 77 } } }],
    ['billed units of Cohere', { meta: { billed_units: { input_tokens: 77 } } }],
  ])('is read where upstream tells %s', (_which, payload) => {
    expect(inputUsage(payload)).toMatchObject({ prompt_tokens: 77 });
  });

  it('is unknown where nothing is told of it', () => {
    expect(inputUsage({ usage: {} })).toBeUndefined();
    expect(inputUsage({ meta: { billed_units: { search_units: 1 } } })).toBeUndefined();
  });
});

describe('a usage in two places', () => {
  const zeros = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

  it.each([
    ['is empty', {}],
    ['is zeros', zeros],
  ])('is the other one where that at the top %s', (_how, usage) => {
    expect(chatUsage({ usage, choices: [{ usage: ofChats }] })).toMatchObject(counts);
    expect(chatUsage({ usage, x_groq: { usage: ofChats } })).toMatchObject(counts);
  });

  it('is that at the top where both say something', () => {
    expect(chatUsage({ usage: ofChats, x_groq: { usage: { prompt_tokens: 1 } } })).toMatchObject(counts);
  });
});

describe('tokens of the cache', () => {
  const count = fc.integer({ min: 1, max: 1_000_000 });
  const said = fc.record({ prompt: count, read: count, written: count, completion: count });
  const usageOf = (
    told: { prompt: number; read: number; written: number; completion: number },
    total: number,
  ) =>
    chatUsage({
      usage: {
        prompt_tokens: told.prompt,
        completion_tokens: told.completion,
        total_tokens: total,
        cache_read_input_tokens: told.read,
        cache_creation_input_tokens: told.written,
      },
    });

  it('are beside the prompt where only that makes the total come out', () => {
    fc.assert(
      fc.property(said, (told) => {
        const whole = told.prompt + told.read + told.written;
        expect(usageOf(told, whole + told.completion)?.prompt_tokens).toBe(whole);
      }),
    );
  });

  it('are within it wherever the total comes out without them, or in no way', () => {
    fc.assert(
      fc.property(said, count, (told, off) => {
        expect(usageOf(told, told.prompt + told.completion)?.prompt_tokens).toBe(told.prompt);
        const total = told.prompt + told.read + told.written + told.completion + off;
        expect(usageOf(told, total)?.prompt_tokens).toBe(told.prompt);
      }),
    );
  });
});

describe('pictures', () => {
  it('are counted as what they are, where a chat made them', () => {
    const usage = { ...ofChats, completion_tokens_details: { image_tokens: 60 } };
    expect(chatUsage({ usage })).toMatchObject({ ...counts, completion_image_tokens: 60 });
  });

  it('have the output that is told of them, where the prompt is not told', () => {
    const usage = { generated_images: 1, output_tokens: 4_096, total_tokens: 4_096 };
    expect(imageUsage({ usage }, 1)).toMatchObject({ prompt_tokens: 0, completion_tokens: 4_096, images: 1 });
    expect(imageUsage({ usage: {} }, 1)).toBeUndefined();
  });
});

describe('a recording', () => {
  it('has the length that Mistral tells beside the tokens', () => {
    const usage = { prompt_audio_seconds: 9, prompt_tokens: 4, completion_tokens: 6, total_tokens: 130 };
    expect(transcriptUsage({ usage })).toMatchObject({ media_ms: 9_000, prompt_tokens: 4 });
  });
});
