import {
  candidate,
  chunks,
  closing,
  counts,
  delta,
  events,
  json,
  message,
  opened,
  response,
  rewritten,
  start,
  STREAM,
  text,
  tokens,
  typed,
  used,
  whole,
  role,
  type OddAnswer,
} from './pieces.js';

/** Reports in odd places, names and numbers. */
export const places: readonly OddAnswer[] = [
  {
    what: 'a usage behind the mark of the end, for which nobody waits',
    asked: 'chat',
    more: STREAM,
    answers: [
      rewritten(
        events([text('a b c'), text('', 'stop')]),
        (all) => all + `data: ${JSON.stringify(used(counts(30, 3)))}\n\n`,
      ),
    ],
    quota: [18, 40],
    basis: 'counted',
  },
  {
    what: 'ids, retries and names of events',
    asked: 'chat',
    more: STREAM,
    answers: [
      {
        type: 'text/event-stream',
        pieces: [
          chunks
            .map((c, i) => `id: ${i}\nretry: 100\nevent: message\ndata: ${JSON.stringify(c)}\n\n`)
            .join('') + 'data: [DONE]\n\n',
        ],
      },
    ],
    quota: 30,
    shows: '😀',
  },
  {
    what: 'an incomplete response',
    asked: 'responses',
    answers: [
      json(
        response(tokens(10, 5), [], {
          status: 'incomplete',
          incomplete_details: { reason: 'max_output_tokens' },
        }),
      ),
    ],
    quota: 30,
  },
  {
    what: 'a refusal with nothing written',
    asked: 'messages',
    answers: [message(tokens(10, 0), { content: [], stop_reason: 'refusal' })],
    quota: 10,
  },
  {
    what: 'a refusal with nothing written, streamed',
    asked: 'messages',
    more: STREAM,
    answers: [typed([start(tokens(10, 1)), ...closing(tokens(10, 1)).slice(1)])],
    quota: 14,
  },
  {
    what: 'a prompt that grows with what was searched',
    asked: 'messages',
    more: STREAM,
    answers: [typed([start(tokens(500, 1)), opened, delta('All is well.'), ...closing(tokens(9000, 9))])],
    quota: 9036,
  },
  {
    what: 'Gemini in the names of the proto',
    asked: 'generated',
    answers: [
      events(
        [
          {
            candidates: [candidate('a', { finishReason: 'STOP' })],
            usage_metadata: { prompt_token_count: 100, candidates_token_count: 10 },
          },
        ],
        '',
      ),
    ],
    quota: 140,
  },
  {
    what: 'Gemini’s list in the names of the proto',
    asked: 'listed',
    answers: [
      json([
        {
          candidates: [candidate('a', { finishReason: 'STOP' })],
          usage_metadata: { prompt_token_count: 100, candidates_token_count: 10 },
        },
      ]),
    ],
    quota: 140,
  },
  {
    what: 'more cached tokens than the prompt has',
    asked: 'chat',
    answers: [whole(counts(100, 10, { prompt_tokens_details: { cached_tokens: 300 } }))],
    quota: [190, 340],
  },
  {
    what: 'a negative count of cached tokens',
    asked: 'chat',
    answers: [whole(counts(100, 10, { prompt_tokens_details: { cached_tokens: -300 } }))],
    quota: [20, 40],
    basis: 'counted',
    isDoubtful: true,
  },
  {
    what: 'a total below the sum',
    asked: 'chat',
    answers: [whole(counts(100, 10, { total_tokens: 5 }))],
    quota: 140,
  },
  {
    what: 'a usage that is a list',
    asked: 'chat',
    answers: [whole([counts(100, 10)])],
    quota: [20, 140],
    basis: 'counted',
  },
  {
    what: 'a usage that is a text',
    asked: 'chat',
    answers: [whole('none')],
    quota: [20, 40],
    basis: 'counted',
  },
  {
    what: 'a count beyond every number',
    asked: 'chat',
    answers: [rewritten(whole(counts(777, 10)), (t) => t.replace('777', '1e400'))],
    quota: [20, 40],
    basis: 'counted',
    isDoubtful: true,
  },
  {
    what: 'a count with an exponent',
    asked: 'chat',
    answers: [rewritten(whole(counts(777, 10)), (t) => t.replace('777', '1e2'))],
    quota: 140,
  },
  {
    what: 'a usage twice, of which the last one counts',
    asked: 'chat',
    answers: [
      rewritten(whole(counts(777, 10)), (t) =>
        t.replace('"usage":', '"usage":{"prompt_tokens":1,"completion_tokens":1},"usage":'),
      ),
    ],
    quota: 817,
  },
  {
    what: 'a completion without a usage, streamed',
    asked: 'completions',
    more: STREAM,
    answers: [
      events([
        { choices: [{ index: 0, text: 'one two three' }] },
        { choices: [{ index: 0, text: '', finish_reason: 'stop' }] },
      ]),
    ],
    quota: [18, 40],
    basis: 'counted',
  },
  {
    what: 'a filter before the first word',
    asked: 'chat',
    more: STREAM,
    answers: [events([role, text('', 'content_filter'), used(counts(10, 0))])],
    quota: 10,
  },
  {
    what: 'embeddings whose total is more than the prompt',
    asked: 'embeddings',
    answers: [json({ data: [{ index: 0, embedding: [1] }], usage: { prompt_tokens: 5, total_tokens: 9 } })],
    quota: [5, 9],
  },
  {
    what: 'a rerank that reports as Cohere does',
    asked: 'rerank',
    answers: [
      json({
        results: [{ index: 0, relevance_score: 1 }],
        meta: { billed_units: { search_units: 1 }, tokens: { input_tokens: 9 } },
      }),
    ],
    quota: 9,
  },
  {
    what: 'a usage in message_stop',
    asked: 'messages',
    more: STREAM,
    answers: [
      typed([
        start(tokens(0, 0)),
        opened,
        delta('All is well.'),
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
        { type: 'message_stop', usage: tokens(100, 10) },
      ]),
    ],
    quota: 140,
  },
  {
    what: 'a message with the figures of Bedrock beside',
    asked: 'messages',
    more: STREAM,
    answers: [
      typed([
        start(tokens(100, 1)),
        opened,
        delta('All is well.'),
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 10 } },
        {
          type: 'message_stop',
          'amazon-bedrock-invocationMetrics': { inputTokenCount: 100, outputTokenCount: 10 },
        },
      ]),
    ],
    quota: 140,
  },
];
