import { describe, expect, it } from '@jest/globals';
import { StreamUsage, usageOf } from '../../../../../src/relay/dialects/anthropic/messages/usage.js';

describe("Anthropic's usage", () => {
  it('adds cache reads and writes to the prompt, of which input_tokens is only the rest', () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 200,
      cache_creation_input_tokens: 3_000,
      output_tokens: 5,
    };
    expect(usageOf({ usage })).toMatchObject({
      prompt_tokens: 3_210,
      cached_tokens: 200,
      cache_write_tokens: 3_000,
      completion_tokens: 5,
    });
  });

  it('takes null and absent cache counts for none, and an absent usage for none at all', () => {
    const usage = { input_tokens: 1, output_tokens: 0, cache_read_input_tokens: null, cache_creation: null };
    expect(usageOf({ usage })).toMatchObject({ prompt_tokens: 1, cached_tokens: 0, completion_tokens: 0 });
    expect(usageOf({})).toBeUndefined();
    expect(usageOf({ usage: null })).toBeUndefined();
  });

  it('never guesses a count that is mistyped, or where both are missing', () => {
    expect(usageOf({ usage: { input_tokens: '7', output_tokens: 1 } })?.prompt_tokens).toBeNaN();
    expect(usageOf({ usage: { input_tokens: 7, output_tokens: '1' } })?.completion_tokens).toBeNaN();
    expect(usageOf({ usage: {} })?.completion_tokens).toBeNaN();
  });

  it('of a stream takes the prompt from the start and the output from the end', () => {
    const stream = new StreamUsage();
    stream.start({ input_tokens: 25, output_tokens: 1, cache_read_input_tokens: 50 });
    expect(stream.usage).toBeUndefined();
    expect(stream.promptUsage).toMatchObject({ prompt_tokens: 75, cached_tokens: 50, completion_tokens: 0 });
    stream.progress({ output_tokens: 15 });
    expect(stream.usage).toMatchObject({ prompt_tokens: 75, cached_tokens: 50, completion_tokens: 15 });
  });

  it('lets cumulative counts of the end replace those of the start, field by field', () => {
    const stream = new StreamUsage();
    stream.start({ input_tokens: 100, output_tokens: 1 });
    stream.progress({ input_tokens: 140, cache_read_input_tokens: null, output_tokens: 9 });
    stream.progress({ output_tokens: 12 });
    expect(stream.usage).toMatchObject({ prompt_tokens: 140, completion_tokens: 12 });
  });

  it('keeps the prompt of the start where the end knows nothing of it', () => {
    const stream = new StreamUsage();
    stream.start({ input_tokens: 100, cache_read_input_tokens: 7, output_tokens: 1 });
    stream.progress({ input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 9 });
    expect(stream.usage).toMatchObject({ prompt_tokens: 107, cached_tokens: 7, completion_tokens: 9 });
  });

  it('takes a prompt that only the end knows', () => {
    const stream = new StreamUsage();
    stream.start({ input_tokens: 0, output_tokens: 0 });
    stream.progress({ input_tokens: 31, cache_read_input_tokens: 4, output_tokens: 2 });
    expect(stream.usage).toMatchObject({ prompt_tokens: 35, cached_tokens: 4, completion_tokens: 2 });
  });
});
