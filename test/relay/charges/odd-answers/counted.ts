import {
  STREAM,
  closing,
  completed,
  counts,
  created,
  events,
  generated,
  google,
  item,
  json,
  message,
  start,
  text,
  tokens,
  typed,
  used,
  whole,
  written,
  type OddAnswer,
} from './pieces.js';

const ITEM_DONE = 'response.output_item.done';
const SAID = [{ type: 'text', text: 'All is well.' }];
const THOUGHT = [{ type: 'thinking', thinking: SAID }];
const called = { type: 'function_call', name: 'look_up', arguments: '{"a":"all is well"}' };

/** Reports that cannot be true, or say nothing. */
export const counted: readonly OddAnswer[] = [
  {
    what: 'a response that its end alone tells, with zeros',
    asked: 'responses',
    more: STREAM,
    answers: [typed([created, completed(tokens(0, 0), [item])])],
    quota: [20, 28],
    basis: 'counted',
  },
  {
    what: 'an item that is told whole, and once more at the end, without a usage',
    asked: 'responses',
    more: STREAM,
    answers: [typed([created, { type: ITEM_DONE, output_index: 0, item }, completed(null, [item])])],
    quota: [20, 28],
    basis: 'counted',
  },
  {
    what: 'a text in pieces that is told whole twice, without a usage',
    asked: 'responses',
    more: STREAM,
    answers: [typed([created, written, { type: ITEM_DONE, output_index: 0, item }, completed(null, [item])])],
    quota: [20, 28],
    basis: 'counted',
  },
  {
    what: 'a call of which the name came first, told whole, with zeros',
    asked: 'responses',
    more: STREAM,
    answers: [
      typed([
        created,
        { type: 'response.output_item.added', output_index: 0, item: { ...called, arguments: '' } },
        { type: ITEM_DONE, output_index: 0, item: called },
        completed(tokens(0, 0), [called]),
      ]),
    ],
    quota: [40, 48],
    basis: 'counted',
  },
  {
    what: 'a call whose input its beginning tells whole, with zeros',
    asked: 'messages',
    more: STREAM,
    answers: [
      typed([
        start(tokens(0, 0)),
        {
          type: 'content_block_start',
          index: 0,
          content_block: { type: 'tool_use', id: 't', name: 'look_up', input: { a: 'all is well' } },
        },
        ...closing(tokens(0, 0)),
      ]),
    ],
    quota: [40, 50],
    basis: 'counted',
  },
  {
    what: 'a completion, with zeros',
    asked: 'chat',
    answers: [
      json({ choices: [{ index: 0, text: 'All is well.', finish_reason: 'stop' }], usage: counts(0, 0) }),
    ],
    quota: [20, 30],
    basis: 'counted',
  },
  {
    what: 'a count in letters',
    asked: 'chat',
    answers: [whole({ prompt_tokens: 'ten', completion_tokens: 5 })],
    quota: [20, 40],
    basis: 'counted',
    isDoubtful: true,
  },
  {
    what: 'a count of a fraction, streamed',
    asked: 'responses',
    more: STREAM,
    answers: [typed([created, written, completed(tokens(10.5, 5))])],
    quota: [20, 40],
    basis: 'counted',
    isDoubtful: true,
  },
  {
    what: 'a negative count',
    asked: 'generate',
    answers: [json(generated(google(-5, 5)))],
    quota: [20, 40],
    basis: 'counted',
    isDoubtful: true,
  },
  {
    what: 'one token more than can be',
    asked: 'messages',
    answers: [message(tokens(10_000_001, 5))],
    quota: [20, 40],
    basis: 'counted',
    isDoubtful: true,
  },
  {
    what: 'one token more than the window, streamed',
    asked: 'chat',
    more: STREAM,
    price: { context_window: 4_000 },
    answers: [events([text('All is well.'), text('', 'stop'), used(counts(4_001, 5))])],
    quota: [20, 40],
    basis: 'counted',
    isDoubtful: true,
  },
  {
    what: 'zeros for a text',
    asked: 'completions',
    answers: [
      json({
        choices: [{ index: 0, text: 'All is well.', finish_reason: 'stop' }],
        usage: counts(0, 0, { total_tokens: 0 }),
      }),
    ],
    quota: [20, 40],
    basis: 'counted',
  },
  {
    what: 'zeros for a text, streamed',
    asked: 'responses',
    more: STREAM,
    answers: [typed([created, written, completed(tokens(0, 0, { total_tokens: 0 }))])],
    quota: [20, 40],
    basis: 'counted',
  },
  {
    what: 'zeros for embeddings',
    asked: 'embeddings',
    answers: [json({ data: [{ index: 0, embedding: [1] }], usage: { prompt_tokens: 0, total_tokens: 0 } })],
    quota: [4, 10],
    basis: 'counted',
  },
  {
    what: 'nothing for a rerank',
    asked: 'rerank',
    answers: [json({ results: [{ index: 0, relevance_score: 1 }] })],
    quota: [4, 10],
    basis: 'counted',
  },
  {
    what: 'a message that its beginning tells whole',
    asked: 'messages',
    more: STREAM,
    answers: [
      typed([
        { type: 'message_start', message: { id: 'msg_1', role: 'assistant', model: 'm', content: SAID } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
        { type: 'message_stop' },
      ]),
    ],
    quota: [20, 40],
    basis: 'counted',
    shows: 'All is well.',
  },
  {
    what: 'an item that is empty at the beginning, and whole at the end',
    asked: 'responses',
    more: STREAM,
    answers: [
      typed([
        { type: 'response.created', response: { id: 'resp_1', output: [{ type: 'message', content: [] }] } },
        completed(null, [item]),
      ]),
    ],
    quota: [20, 40],
    basis: 'counted',
  },
  {
    what: 'a thought in parts of the content, of Mistral',
    asked: 'chat',
    more: STREAM,
    answers: [
      events([text('', null, { choices: [{ index: 0, delta: { content: THOUGHT } }] }), text('', 'stop')]),
    ],
    quota: [20, 40],
    basis: 'counted',
  },
  {
    what: 'a thought in details, of OpenRouter',
    asked: 'chat',
    more: STREAM,
    answers: [
      events([{ id: 'c', choices: [{ index: 0, delta: { reasoning_details: SAID } }] }, text('', 'stop')]),
    ],
    quota: [20, 40],
    basis: 'counted',
  },
];
