import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Usage, usageFrom } from '../../../src/domain/pricing/usage.js';
import { meter } from '../../../src/relay/metering/meter.js';
import { believable, MOST_TOKENS } from '../../../src/relay/metering/usage.js';

const PROMPT = 'Say hello to the world, please.';
const ANSWER = 'All is well in the world today.';

function metered(
  counts: Partial<Usage> | undefined,
  {
    window,
    contexts = 1,
    output = [ANSWER],
    isEarly = false,
    estimatedBeyond = 0,
  }: {
    window?: number;
    contexts?: number;
    output?: readonly string[];
    isEarly?: boolean;
    estimatedBeyond?: number;
  } = {},
) {
  const source = {
    reported: counts && usageFrom(counts),
    isEarly,
    expected: { contextWindow: window, contexts },
    promptText: () => PROMPT,
    outputText: () => ({ texts: output, estimatedBeyond }),
  };
  return meter(source, 1_000);
}

const tokens = ({ usage }: { readonly usage: Usage }) => [usage.prompt_tokens, usage.completion_tokens];

describe('a usage that upstream reports', () => {
  it('is charged as it is, whatever its size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: MOST_TOKENS }), async (prompt_tokens) => {
        const result = await metered({ prompt_tokens, completion_tokens: 5 });
        expect(tokens(result)).toEqual([prompt_tokens, 5]);
        expect(result).toMatchObject({ basis: 'reported', doubt: undefined });
      }),
    );
  });

  it.each([
    ['a negative count', { prompt_tokens: -5, completion_tokens: 5 }, {}],
    ['half a token', { prompt_tokens: 5.5, completion_tokens: 5 }, {}],
    ['no number', { prompt_tokens: Number.NaN, completion_tokens: 5 }, {}],
    ['more than any model takes', { prompt_tokens: MOST_TOKENS + 1, completion_tokens: 5 }, {}],
    ['more than this model takes', { prompt_tokens: 1_001, completion_tokens: 5 }, { window: 1_000 }],
    ['more output than it takes', { prompt_tokens: 5, completion_tokens: 1_001 }, { window: 1_000 }],
    ['more of a part', { prompt_tokens: 5, completion_tokens: 5, cached_tokens: 1_001 }, { window: 1_000 }],
    [
      'more than its choices take',
      { prompt_tokens: 5, completion_tokens: 2_001 },
      { window: 1_000, contexts: 2 },
    ],
  ])('is counted over where it cannot be true, and kept: %s', async (_what, counts, expected) => {
    const counted = tokens(await metered(undefined));
    const result = await metered(counts, expected);
    expect(tokens(result)).toEqual(counted);
    expect(result.basis).toBe('counted');
    const [name, count] = Object.entries(counts).find(([, value]) => value !== 5) as [string, number];
    expect(result.doubt?.reported).toContain(`${name} ${count}`);
  });

  it('is counted over where more was written after it, unless it told of as much', async () => {
    const [, written] = tokens(await metered(undefined)) as [number, number];
    const early = (completion_tokens: number) =>
      metered({ prompt_tokens: 100, completion_tokens }, { isEarly: true });
    expect(tokens(await early(1))).toEqual([100, written]);
    expect(await early(1)).toMatchObject({ basis: 'counted', doubt: undefined });
    expect(tokens(await early(500))).toEqual([100, 500]);
    expect(await early(500)).toMatchObject({ basis: 'reported' });
  });

  it('is added to by what was written and cannot be counted', async () => {
    const [, written] = tokens(await metered(undefined)) as [number, number];
    const unseen = await metered(undefined, { estimatedBeyond: 40 });
    expect(tokens(unseen)[1]).toBe(written + 40);
    expect(unseen.basis).toBe('estimate');
    const early = (completion_tokens: number) =>
      metered({ prompt_tokens: 100, completion_tokens }, { isEarly: true, estimatedBeyond: 40 });
    expect(tokens(await early(written + 39))).toEqual([100, written + 40]);
    expect(await early(written + 39)).toMatchObject({ basis: 'estimate' });
    expect(await early(written + 40)).toMatchObject({ basis: 'reported' });
  });

  it.each([
    ['images', {}, 1_000],
    ['images', { images: 2_000 }, 2_000],
    ['media_ms', { mediaMs: 700 }, 7_000],
    ['media_ms', {}, 0],
    ['characters', { characters: 90 }, 90],
    ['searches', {}, 1_000],
    ['file_searches', {}, 1_000],
    ['code_sessions', {}, 1_000],
  ] as const)(
    'is believed up to what the call can have made, and not of one more: %s, %j',
    (name, made, most) => {
      const expected = { contextWindow: undefined, contexts: 1, ...made };
      expect(believable(usageFrom({ [name]: most }), expected).kind).toBe('usable');
      expect(believable(usageFrom({ [name]: most + 1 }), expected)).toEqual({
        kind: 'absurd',
        detail: expect.stringContaining(`at most ${most} are possible`),
      });
    },
  );

  it('is kept also where only the prompt was reported, before the answer broke off', async () => {
    const result = await meter(
      {
        reported: undefined,
        reportedPrompt: usageFrom({ prompt_tokens: MOST_TOKENS + 1 }),
        expected: { contextWindow: undefined, contexts: 1 },
        promptText: () => PROMPT,
        outputText: () => ({ texts: [ANSWER], estimatedBeyond: 0 }),
      },
      1_000,
    );
    expect(tokens(result)).toEqual(tokens(await metered(undefined)));
    expect(result.doubt?.reported).toContain(`prompt_tokens ${MOST_TOKENS + 1}`);
  });

  it('may fill the window once for each choice, and once more for each tool that upstream ran', async () => {
    const choices = await metered(
      { prompt_tokens: 5, completion_tokens: 2_000 },
      { window: 1_000, contexts: 2 },
    );
    expect(choices.basis).toBe('reported');
    const searched = { prompt_tokens: 2_500, completion_tokens: 5, searches: 2 };
    expect(await metered(searched, { window: 1_000 })).toMatchObject({ basis: 'reported', doubt: undefined });
  });
});

describe('a zero', () => {
  it('is counted over where something was written', async () => {
    const [, counted] = tokens(await metered(undefined));
    const result = await metered({ prompt_tokens: 700 });
    expect(tokens(result)).toEqual([700, counted]);
    expect(counted).toBeGreaterThan(5);
    expect(result.basis).toBe('counted');
  });

  it('is counted over where there was a prompt', async () => {
    const [counted] = tokens(await metered(undefined));
    const result = await metered({ completion_tokens: 700 });
    expect(tokens(result)).toEqual([counted, 700]);
    expect(counted).toBeGreaterThan(5);
  });

  it('is counted over on both sides', async () => {
    expect(tokens(await metered({}))).toEqual(tokens(await metered(undefined)));
  });

  it('stands where nothing was written', async () => {
    const result = await metered({ prompt_tokens: 700 }, { output: [] });
    expect(tokens(result)).toEqual([700, 0]);
    expect(result.basis).toBe('reported');
  });

  it('is counted over text by text: where one ends and the next begins, nothing is joined', async () => {
    const texts = ['All is well.', 'All is good.', 'All is fine.'];
    const apart = await Promise.all(texts.map((text) => metered({ prompt_tokens: 700 }, { output: [text] })));
    const sum = apart.reduce((all, result) => all + result.usage.completion_tokens, 0);
    expect(tokens(await metered({ prompt_tokens: 700 }, { output: texts }))).toEqual([700, sum]);
    expect(sum).toBe(12);
  });

  it('takes nothing from what the other side says', async () => {
    const result = await metered({ prompt_tokens: 700, cached_tokens: 600, searches: 2 });
    expect(result.usage).toMatchObject({ cached_tokens: 600, searches: 2 });
  });
});
