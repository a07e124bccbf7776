import {
  STREAM,
  candidate,
  closing,
  counts,
  delta,
  events,
  generated,
  google,
  json,
  message,
  opened,
  response,
  start,
  text,
  tokens,
  typed,
  used,
  whole,
  type OddAnswer,
} from './pieces.js';

/** Reports that are true although they are odd. */
export const reports: readonly OddAnswer[] = [
  {
    what: 'running totals in every chunk, and zeros at the end',
    asked: 'chat',
    more: STREAM,
    answers: [
      events([
        text('a', null, { usage: counts(50, 1) }),
        text('b', null, { usage: counts(50, 12) }),
        text('', 'stop'),
        used(counts(0, 0)),
      ]),
    ],
    quota: 98,
  },
  {
    what: 'a usage in a choice, as of Kimi',
    asked: 'chat',
    more: STREAM,
    answers: [
      events([
        text('a'),
        { id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: counts(20, 5) }] },
      ]),
    ],
    quota: 40,
  },
  {
    what: 'a usage of null in every chunk but one',
    asked: 'chat',
    more: STREAM,
    answers: [
      events([
        text('a', null, { usage: null }),
        text('', 'stop', { usage: counts(20, 5) }),
        { ...used({}), usage: null },
      ]),
    ],
    quota: 40,
  },
  {
    what: 'reasoning beside, streamed',
    asked: 'chat',
    more: STREAM,
    answers: [
      events([
        text('a'),
        text('', 'stop'),
        used(counts(20, 10, { total_tokens: 60, completion_tokens_details: { reasoning_tokens: 30 } })),
      ]),
    ],
    quota: 180,
  },
  {
    what: 'reasoning within, although it is more than is left of the text',
    asked: 'chat',
    answers: [
      whole(counts(20, 40, { total_tokens: 60, completion_tokens_details: { reasoning_tokens: 40 } })),
    ],
    quota: 180,
  },
  {
    what: 'reasoning beside in a response',
    asked: 'responses',
    answers: [
      json(response(tokens(20, 10, { total_tokens: 60, output_tokens_details: { reasoning_tokens: 30 } }))),
    ],
    quota: 180,
  },
  {
    what: 'cached tokens beside the prompt in a response',
    asked: 'responses',
    answers: [
      json(response(tokens(200, 10, { total_tokens: 1_010, input_tokens_details: { cached_tokens: 800 } }))),
    ],
    quota: 640,
  },
  {
    what: 'cached tokens of DeepSeek in a stream',
    asked: 'chat',
    more: STREAM,
    answers: [
      events([
        text('a'),
        text('', 'stop'),
        used(counts(1_000, 10, { prompt_cache_hit_tokens: 800, prompt_cache_miss_tokens: 200 })),
      ]),
    ],
    quota: 640,
  },
  {
    what: 'a prompt of 9,999,999 tokens where no window is known',
    asked: 'messages',
    answers: [message(tokens(9_999_999, 5))],
    quota: 10_000_019,
  },
  {
    what: 'a prompt of exactly the window, streamed',
    asked: 'generated',
    price: { context_window: 400_000 },
    answers: [events([generated(google(400_000, 5))], '')],
    quota: 400_020,
  },
  {
    what: 'zeros at the end of a stream of messages',
    asked: 'messages',
    more: STREAM,
    answers: [
      typed([
        start(tokens(500, 1, { cache_read_input_tokens: 100 })),
        opened,
        delta('All is well.'),
        ...closing({ input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 9 }),
      ]),
    ],
    quota: 586,
  },
  {
    what: 'a prompt that is told at the end only, streamed',
    asked: 'messages',
    more: STREAM,
    answers: [typed([start(tokens(0, 0)), opened, delta('All is well.'), ...closing(tokens(500, 9))])],
    quota: 536,
  },
  {
    what: 'zeros at the end of a stream of Gemini',
    asked: 'generated',
    answers: [
      events(
        [
          { candidates: [candidate('a')], usageMetadata: google(50, 12) },
          {
            candidates: [candidate('', { finishReason: 'STOP' })],
            usageMetadata: google(0, 0, { totalTokenCount: 0 }),
          },
        ],
        '',
      ),
    ],
    quota: 98,
  },
  {
    what: 'thoughts within, where the total says so, streamed',
    asked: 'generated',
    answers: [events([generated(google(10, 300, { thoughtsTokenCount: 200, totalTokenCount: 310 }))], '')],
    quota: 1_210,
  },
  {
    what: 'a prompt of tools of Gemini, beside',
    asked: 'generate',
    answers: [json(generated(google(10, 20, { toolUsePromptTokenCount: 70, totalTokenCount: 100 })))],
    quota: 160,
  },
  {
    what: 'a blocked prompt is a prompt',
    asked: 'generate',
    answers: [
      json({
        promptFeedback: { blockReason: 'SAFETY' },
        usageMetadata: { promptTokenCount: 10, totalTokenCount: 10 },
      }),
    ],
    quota: 10,
  },
  {
    what: 'the usage before the text, and nothing behind it',
    asked: 'chat',
    more: STREAM,
    answers: [events([used(counts(30, 3)), text('a b c'), text('', 'stop')])],
    quota: 42,
  },
  {
    what: 'a compaction and another model’s advice, streamed',
    asked: 'messages',
    more: STREAM,
    answers: [
      typed([
        start(tokens(230, 1)),
        opened,
        delta('All is well.'),
        ...closing(
          tokens(230, 10, {
            iterations: [
              { type: 'compaction', input_tokens: 1_800, output_tokens: 35 },
              { type: 'message', input_tokens: 230, output_tokens: 10 },
              { type: 'advisor_message', model: 'dear', input_tokens: 100, output_tokens: 10 },
              null,
              'x',
            ],
          }),
        ),
      ]),
    ],
    quota: 2_210 + 1_400,
  },
  {
    what: 'a rerank that tells its total alone',
    asked: 'rerank',
    answers: [json({ results: [{ index: 0, relevance_score: 1 }], usage: { total_tokens: 9 } })],
    quota: 9,
  },
  {
    what: 'embeddings that tell their total alone',
    asked: 'embeddings',
    answers: [json({ data: [{ index: 0, embedding: [1] }], usage: { total_tokens: 9 } })],
    quota: 9,
  },
];
