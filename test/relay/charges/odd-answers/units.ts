import {
  SEARCH,
  STREAM,
  candidate,
  closing,
  completed,
  counts,
  created,
  delta,
  events,
  generated,
  google,
  message,
  opened,
  said,
  start,
  text,
  tokens,
  typed,
  used,
  written,
  type OddAnswer,
} from './pieces.js';

/** Units. */
export const units: readonly OddAnswer[] = [
  {
    what: 'a failed search is none, one that came before an empty output is one',
    asked: 'responses',
    more: { ...STREAM, tools: [{ type: 'web_search' }] },
    price: SEARCH,
    answers: [
      typed([
        created,
        {
          type: 'response.output_item.done',
          output_index: 0,
          item: { id: 'a', type: 'web_search_call', status: 'failed', action: { type: 'search' } },
        },
        {
          type: 'response.output_item.done',
          output_index: 1,
          item: { id: 'b', type: 'web_search_call', status: 'completed', action: { type: 'search' } },
        },
        written,
        completed(tokens(100, 10)),
      ]),
    ],
    quota: 5_140,
  },
  {
    what: 'two searches of a message, streamed',
    asked: 'messages',
    more: { ...STREAM, tools: [{ type: 'web_search_20260318', name: 'web_search' }] },
    price: SEARCH,
    answers: [
      typed([
        start(tokens(100, 1)),
        opened,
        delta('All is well.'),
        ...closing(tokens(100, 10, { server_tool_use: { web_search_requests: 2 } })),
      ]),
    ],
    quota: 10_140,
  },
  {
    what: 'a search by a tool that the conversation brings',
    asked: 'messages',
    more: {
      messages: [
        ...said,
        {
          role: 'user',
          content: [
            {
              type: 'tool_addition',
              tool: {
                type: 'tool_definition',
                definition: { type: 'web_search_20260318', name: 'web_search' },
              },
            },
          ],
        },
      ],
    },
    price: SEARCH,
    answers: [message(tokens(100, 10, { server_tool_use: { web_search_requests: 1 } }))],
    quota: 5_140,
  },
  {
    what: 'queries of Gemini in two chunks, one of them twice',
    asked: 'generated',
    more: { tools: [{ googleSearch: {} }] },
    price: SEARCH,
    answers: [
      events(
        [
          { candidates: [candidate('a', { groundingMetadata: { webSearchQueries: ['x', 'y'] } })] },
          { ...generated(google(100, 10), { groundingMetadata: { webSearchQueries: ['y'] } }) },
        ],
        '',
      ),
    ],
    quota: 10_140,
  },
  {
    what: 'citations of a chat, streamed',
    asked: 'chat',
    more: { ...STREAM, web_search_options: {} },
    price: SEARCH,
    answers: [
      events([{ ...text('a'), citations: ['https://example.com'] }, text('', 'stop'), used(counts(100, 10))]),
    ],
    quota: 5_140,
  },
];
