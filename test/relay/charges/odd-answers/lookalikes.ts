import {
  candidate,
  chunks,
  closing,
  completed,
  counts,
  created,
  delta,
  events,
  good,
  google,
  json,
  opened,
  overloaded,
  response,
  rewritten,
  start,
  STREAM,
  tokens,
  typed,
  whole,
  written,
  role,
  type OddAnswer,
} from './pieces.js';

/** What only looks like an answer, and an answer that looks like none. */
export const lookalikes: readonly OddAnswer[] = [
  {
    what: 'a mark of the end alone',
    asked: 'chat',
    more: STREAM,
    answers: [events([]), events(chunks)],
    quota: 30,
  },
  {
    what: 'a page',
    asked: 'chat',
    answers: [{ type: 'text/html', pieces: ['<html><body>502 Bad Gateway</body></html>'] }, good],
    quota: 30,
  },
  {
    what: 'a page where events were asked for',
    asked: 'messages',
    more: STREAM,
    answers: [
      { type: 'text/html', pieces: ['<html><body>502 Bad Gateway</body></html>'] },
      typed([start(tokens(10, 1)), opened, delta('x'), ...closing(tokens(10, 5))]),
    ],
    quota: 30,
  },
  {
    what: 'a whole answer that breaks off',
    asked: 'chat',
    answers: [{ ...rewritten(good, (t) => t.slice(0, -20)), cut: true }, good],
    quota: 30,
  },
  {
    what: 'a whole answer that ends too early',
    asked: 'chat',
    answers: [rewritten(good, (t) => t.slice(0, -20)), good],
    quota: 30,
  },
  {
    what: 'an error behind response.created',
    asked: 'responses',
    more: STREAM,
    answers: [
      typed([created, { type: 'error', error: { type: 'server_error', message: 'Overloaded' } }]),
      typed([created, written, completed(tokens(10, 5))]),
    ],
    quota: 30,
    hides: 'Overloaded',
  },
  {
    what: 'an error behind response.created, in the event itself',
    asked: 'responses',
    more: STREAM,
    answers: [
      typed([created, { type: 'error', code: 'server_error', message: 'Overloaded' }]),
      typed([created, written, completed(tokens(10, 5))]),
    ],
    quota: 30,
    hides: 'Overloaded',
  },
  {
    what: 'a response that failed',
    asked: 'responses',
    answers: [
      json(response(null, [], { status: 'failed', error: { code: 'server_error', message: 'Overloaded' } })),
      json(response(tokens(10, 5))),
    ],
    quota: 30,
    hides: 'Overloaded',
  },
  {
    what: 'a usage of the first words alone',
    asked: 'generated',
    answers: [
      events(
        [
          { candidates: [candidate('a')], usageMetadata: google(100, 1) },
          { candidates: [candidate(' b c d e f g h i j k l m n o p', { finishReason: 'STOP' })] },
        ],
        '',
      ),
    ],
    quota: [150, 180],
    basis: 'counted',
  },
  {
    what: 'a finish that is an error',
    asked: 'chat',
    more: STREAM,
    answers: [
      events([role, { id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'error' }] }]),
      events(chunks),
    ],
    quota: 30,
    shows: '😀',
  },
  {
    what: 'an error in a choice',
    asked: 'chat',
    answers: [
      json({
        id: 'c',
        choices: [
          {
            index: 0,
            error: { message: 'Overloaded', code: 502 },
            message: { role: 'assistant', content: '' },
            finish_reason: 'error',
          },
        ],
        usage: counts(10, 0),
      }),
      good,
    ],
    quota: 30,
    hides: 'Overloaded',
  },
  {
    what: 'an error with a usage',
    asked: 'chat',
    answers: [json({ ...overloaded, usage: counts(10, 5) }), good],
    quota: 30,
    hides: 'Overloaded',
  },
  {
    what: 'an error of null beside an answer',
    asked: 'chat',
    answers: [whole(counts(10, 5), { error: null })],
    quota: 30,
  },
  {
    what: 'an empty error beside an answer',
    asked: 'chat',
    answers: [whole(counts(10, 5), { error: {} })],
    quota: 30,
  },
  {
    what: 'an error beside embeddings that are none',
    asked: 'embeddings',
    answers: [
      json({ error: { message: 'x' }, data: [] }),
      json({ data: [{ index: 0, embedding: [1] }], usage: { prompt_tokens: 9, total_tokens: 9 } }),
    ],
    quota: 9,
  },
  {
    what: 'a line of JSON each, which no client reads',
    asked: 'chat',
    more: STREAM,
    answers: [
      { type: 'application/x-ndjson', pieces: [chunks.map((c) => JSON.stringify(c) + '\n').join('')] },
      events(chunks),
    ],
    quota: 30,
  },
];
