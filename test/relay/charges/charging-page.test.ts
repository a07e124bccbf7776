import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  candidate,
  counts,
  events,
  generated,
  google,
  json,
  type OddAnswer,
  STREAM,
  text,
  used,
  whole,
} from './odd-answers/pieces.js';
import { tryOut } from './odd-answers/try-out.js';

// The figures of docs/charging.md are those that are charged.

/** A call that a row of the page tells of; what it is charged is read from the row. */
type Shown = Omit<OddAnswer, 'what' | 'quota'>;

const page = readFileSync(new URL('../../../docs/charging.md', import.meta.url), 'utf8');

/** Rows of the table of a section, cell by cell. */
function rowsOf(section: string): readonly (readonly string[])[] {
  const [, after = ''] = page.split(`\n## ${section}\n`);
  const lines = after.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** `…: 9 + 40` is 49, `245: another name` is 245. Undefined where a cell tells no charge. */
function figureIn(cell: string): number | undefined {
  const [, sum] = /: ((?:[\d,]+ \+ )*[\d,]+)$/.exec(cell) ?? /^([\d,]+)(?:$|: | as )/.exec(cell) ?? [];
  return sum?.split(' + ').reduce((total, part) => total + Number(part.replaceAll(',', '')), 0);
}

const chat = (usage: unknown, more: object = {}): Shown => ({ asked: 'chat', answers: [whole(usage, more)] });
const gemini = (usage: object): Shown => ({ asked: 'generate', answers: [json(generated(usage))] });
const ofNine = { messages: [{ role: 'user', content: 'Hi there a a a a a' }] };
const details = (members: object) => ({ prompt_tokens_details: members });
const forty = `a${' a'.repeat(39)}`;

/** By how the first cell of its row begins. */
const reported: Readonly<Record<string, Shown>> = {
  'a usage that can be true': chat(counts(180_000, 5)),
  'several texts asked about at once': {
    asked: 'embeddings',
    more: { input: ['a', 'b', 'c'] },
    answers: [json({ data: [{ index: 0, embedding: [1] }] })],
    basis: 'counted',
  },
  'a prompt and `prompt_tokens` 0': { ...chat(counts(0, 10)), more: ofNine, basis: 'counted' },
  'one side of a usage left out': { ...chat({ completion_tokens: 10 }), more: ofNine, basis: 'counted' },
  'a later report of zeros': {
    asked: 'chat',
    more: STREAM,
    answers: [events([text('All is well.', 'stop'), used(counts(39, 26)), used(counts(0, 0))])],
  },
  'more was written after the last report': {
    asked: 'chat',
    more: STREAM,
    answers: [events([text('', null, { usage: counts(100, 1) }), text(forty), text('', 'stop')])],
    basis: 'counted',
  },
  'reasoning, where prompt + completion = total': gemini(
    google(10, 300, { thoughtsTokenCount: 200, totalTokenCount: 310 }),
  ),
  'reasoning, where only prompt + completion + reasoning = total': gemini(
    google(10, 20, { thoughtsTokenCount: 30, totalTokenCount: 60 }),
  ),
  'reasoning, where there is no total': gemini(google(10, 20, { thoughtsTokenCount: 30 })),
  '`prompt_cache_hit_tokens` (DeepSeek)': chat(counts(1_000, 10, { prompt_cache_hit_tokens: 800 })),
  'cached tokens, where only prompt + cached + completion = total': chat(
    counts(200, 10, { ...details({ cached_tokens: 800 }), total_tokens: 1_010 }),
  ),
  '`cache_write_tokens_details.ttl_12h_tokens`': chat(
    counts(
      1_000,
      10,
      details({ cache_write_tokens: 300, cache_write_tokens_details: { ttl_12h_tokens: 200 } }),
    ),
  ),
  "Gemini's report in the names of the proto": {
    asked: 'generate',
    answers: [
      json({
        candidates: [candidate('All is well.', { finishReason: 'STOP' })],
        usage_metadata: { prompt_token_count: 100, candidates_token_count: 10 },
      }),
    ],
  },
  'counts in the names of another dialect': chat({ input_tokens: 300, output_tokens: 70 }),
  'an empty usage, or one of zeros': chat({}, { x_groq: { usage: counts(10, 5) } }),
};

/** A choice is looked at as a whole elsewhere; what cannot be true, and what is no text, have no one figure. */
const WITHOUT = ['several choices', 'no usage at all', 'a usage that cannot be true'];

describe('what upstream reports', () => {
  const rows = rowsOf('What upstream reports');

  it('has a call for every row that tells a charge', () => {
    const named = Object.keys(reported);
    for (const [first = ''] of rows)
      expect([first, [...named, ...WITHOUT].filter((name) => first.startsWith(name)).length]).toEqual([
        first,
        1,
      ]);
    expect(rows).toHaveLength(named.length + WITHOUT.length);
  });

  it.each(Object.entries(reported))('%s', async (name, shown) => {
    const [, , example = ''] = rows.find(([first]) => first?.startsWith(name)) ?? [];
    const quota = figureIn(example);
    if (quota === undefined) throw new Error(`the row tells no charge: ${example}`);
    await tryOut({ ...shown, what: name, quota });
  });
});

describe('classes of service', () => {
  const rows = rowsOf('Classes of service').filter(([asked]) => asked !== 'one without a ratio');
  const wordOf = (cell = '') => /^`(\w+)`$/.exec(cell)?.[1];

  it('has the rows that are tried', () => expect(rows).toHaveLength(7));

  it.each(rows)('asked for %s, reported %s', async (askedFor, reportedAs, _held, charged = '') => {
    const quota = figureIn(charged);
    if (quota === undefined) throw new Error(`the row tells no charge: ${charged}`);
    const isUnknown = reportedAs === 'one without a ratio';
    const tier = isUnknown ? 'scale' : wordOf(reportedAs);
    await tryOut({
      what: 'a class',
      asked: 'chat',
      more: wordOf(askedFor) === undefined ? {} : { service_tier: wordOf(askedFor) },
      price: { service_tier_ratios: { priority: '1.75', flex: '0.5' } },
      answers: [whole(counts(100, 10), tier === undefined ? {} : { service_tier: tier })],
      quota,
      ...(isUnknown && { isDoubtful: true as const }),
    });
  });
});
