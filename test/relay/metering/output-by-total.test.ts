import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { usageOf as chatUsage } from '../../../src/relay/dialects/openai/chat/usage.js';
import { responseUsage } from '../../../src/relay/dialects/openai/responses/usage.js';
import { usageOf as geminiUsage } from '../../../src/relay/dialects/gemini/generate/usage.js';

const count = fc.integer({ min: 1, max: 1_000_000 });
const maybe = fc.oneof(count, fc.constant(0));
const said = fc.record({ prompt: count, completion: count, reasoning: maybe });
interface Said {
  readonly prompt: number;
  readonly completion: number;
  readonly reasoning: number;
}

/** One report, as each dialect writes it. */
const dialects: Readonly<Record<string, (said: Said, total: number | undefined) => number | undefined>> = {
  'a chat': ({ prompt, completion, reasoning }, total) =>
    chatUsage({
      usage: {
        prompt_tokens: prompt,
        completion_tokens: completion,
        completion_tokens_details: { reasoning_tokens: reasoning },
        ...(total !== undefined && { total_tokens: total }),
      },
    })?.completion_tokens,
  'a response': ({ prompt, completion, reasoning }, total) =>
    responseUsage({
      usage: {
        input_tokens: prompt,
        output_tokens: completion,
        output_tokens_details: { reasoning_tokens: reasoning },
        ...(total !== undefined && { total_tokens: total }),
      },
    })?.completion_tokens,
  Gemini: ({ prompt, completion, reasoning }, total) =>
    geminiUsage({
      usageMetadata: {
        promptTokenCount: prompt,
        candidatesTokenCount: completion,
        thoughtsTokenCount: reasoning,
        ...(total !== undefined && { totalTokenCount: total }),
      },
    })?.completion_tokens,
};

describe.each(Object.entries(dialects))('reasoning in %s', (name, outputOf) => {
  it('is within the completion where that makes the total come out', () => {
    fc.assert(
      fc.property(said, (report) => {
        expect(outputOf(report, report.prompt + report.completion)).toBe(report.completion);
      }),
    );
  });

  it('is beside it where only that does', () => {
    fc.assert(
      fc.property(said, (report) => {
        const total = report.prompt + report.completion + report.reasoning;
        expect(outputOf(report, total)).toBe(report.completion + report.reasoning);
      }),
    );
  });

  it('is within it where neither does', () => {
    fc.assert(
      fc.property(said, count, (report, total) => {
        fc.pre(total !== report.prompt + report.completion + report.reasoning);
        expect(outputOf(report, total)).toBe(report.completion);
      }),
    );
  });

  it('is where the documents of the dialect say it is, where there is no total', () => {
    fc.assert(
      fc.property(said, fc.constantFrom(undefined, 0), (report, total) => {
        const beside = name === 'Gemini' ? report.reasoning : 0;
        expect(outputOf(report, total)).toBe(report.completion + beside);
      }),
    );
  });

  it('is never lost where the completion itself is left at zero', () => {
    fc.assert(
      fc.property(said, fc.option(count, { nil: undefined }), (report, total) => {
        expect(outputOf({ ...report, completion: 0 }, total)).toBeGreaterThanOrEqual(report.reasoning);
      }),
    );
  });
});
