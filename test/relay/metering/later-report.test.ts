import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Usage, usageCounts, usageFrom } from '../../../src/domain/pricing/usage.js';
import { laterReport } from '../../../src/relay/metering/later-report.js';

const count = fc.integer({ min: 1, max: 1_000_000 });
const figures = fc.record(
  Object.fromEntries(usageCounts.map((name) => [name, count])),
) as fc.Arbitrary<Usage>;
const NO_SIDE = usageFrom({});

describe('a later report of a stream', () => {
  it('replaces an earlier one', () => {
    fc.assert(
      fc.property(figures, figures, (earlier, later) => {
        expect(laterReport(earlier, later)).toEqual(later);
        expect(laterReport(undefined, later)).toEqual(later);
      }),
    );
  });

  it('replaces nothing where it is all zeros, or leaves the counts out', () => {
    fc.assert(
      fc.property(figures, fc.constantFrom(0, Number.NaN), (earlier, nothing) => {
        const later = { ...NO_SIDE, prompt_tokens: nothing, completion_tokens: nothing };
        expect(laterReport(earlier, later)).toEqual(earlier);
      }),
    );
  });

  it('replaces the side that it has figures of', () => {
    fc.assert(
      fc.property(figures, count, (earlier, tokens) => {
        const output = laterReport(earlier, { ...NO_SIDE, completion_tokens: tokens });
        expect(output).toMatchObject({ prompt_tokens: earlier.prompt_tokens, completion_tokens: tokens });
        expect(output).toMatchObject({ cached_tokens: earlier.cached_tokens, reasoning_tokens: 0 });
        const prompt = laterReport(earlier, { ...NO_SIDE, prompt_tokens: tokens });
        expect(prompt).toMatchObject({ prompt_tokens: tokens, cached_tokens: 0 });
        expect(prompt).toMatchObject({ completion_tokens: earlier.completion_tokens });
      }),
    );
  });
});
